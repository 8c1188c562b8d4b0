import { holdDefaultAccount } from '@midjourney-api/shared/accounts/account.fixture';
import { changeAccount } from '@midjourney-api/shared/accounts/accounts';
import type { Lease } from '@midjourney-api/shared/accounts/leases';
import {
  recordStanding,
  refusedStanding,
  resumeAccount,
  standingIn,
} from '@midjourney-api/shared/accounts/standing';
import type { OperatorNoticeBody } from '@midjourney-api/shared/accounts/state-notices';
import type { DatabaseConnection } from '@midjourney-api/shared/database/connect';
import { operatorNotices } from '@midjourney-api/shared/database/schema';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type HookReceiver, isSignedBy, openHookReceiver } from '../../../test/hook-receiver.ts';
import { createProductDatabase } from '../../../test/product-database.ts';
import { startOperatorNotices } from './operator-notices.ts';
import type { RetryPlan } from './retry-plan.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const soon: RetryPlan = { first: 20, longest: 100, window: 60_000 };
const log = createLogger('test', 'silent');
const block = refusedStanding({
  cause: 'blocked',
  reason: 'You are blocked.',
  until: new Date('2027-01-01'),
});

let database: DatabaseConnection;
let receiver: HookReceiver;
let lease: Lease;
let stops: (() => Promise<void>)[];

beforeEach(async () => {
  database = await createProductDatabase();
  receiver = await openHookReceiver();
  lease = await holdDefaultAccount(database.db);
  await database.db.delete(operatorNotices);
  stops = [];
});
afterEach(async () => {
  await Promise.all(stops.map((stop) => stop()));
  await receiver.close();
  await database.close();
});

function startWorkers(count: number, hook: string | undefined = receiver.url, plan = soon) {
  const config = { OPERATOR_HOOK: hook, OPERATOR_HOOK_SECRET: [secret] };
  for (let i = 0; i < count; i++) stops.push(startOperatorNotices({ config, db: database.db, log }, plan));
}

const bodies = () => receiver.notices.map(({ text }) => JSON.parse(text) as OperatorNoticeBody);
const states = () => bodies().map(({ data }) => `${data.before} → ${data.state}`);
const stored = async () => (await database.db.select().from(operatorNotices)).map(({ state }) => state);

it('gets each change of state once, in order, from many workers, with what to do', async () => {
  startWorkers(5);
  await recordStanding(database.db, lease, block);
  await recordStanding(database.db, lease, block);
  await resumeAccount(database.db, 'default');
  await recordStanding(database.db, lease, standingIn('ready'));
  await changeAccount(database.db, 'default', { enabled: false });
  await changeAccount(database.db, 'default', { weight: 2 });
  await receiver.until((notices) => notices.length >= 4);
  expect(states()).toEqual([
    'ready → refused',
    'refused → connecting',
    'connecting → ready',
    'ready → disabled',
  ]);
  expect(bodies()[0]).toMatchObject({
    type: 'account.state',
    data: {
      account: 'default',
      cause: 'blocked',
      reason: 'You are blocked.',
      until: '2027-01-01T00:00:00.000Z',
      advice: expect.stringContaining('resume'),
    },
  });
  expect(receiver.notices.every((notice) => isSignedBy(secret, notice))).toBe(true);
  expect(new Set(receiver.notices.map(({ id }) => id)).size).toBe(4);
  expect(receiver.notices).toHaveLength(4);
});

it('gets the link of a human check when that is known', async () => {
  startWorkers(1);
  const check = refusedStanding({ cause: 'human_check', reason: 'a check', until: null });
  await recordStanding(database.db, lease, check);
  await recordStanding(database.db, lease, { ...check, checkLink: 'https://check.example' });
  await receiver.until((notices) => notices.length >= 2);
  expect(bodies().map(({ type, data }) => [type, data.check_link])).toEqual([
    ['account.state', null],
    ['account.check_link', 'https://check.example'],
  ]);
});

it('gets a change again until it has accepted it, and then the next one', async () => {
  let failures = 3;
  receiver.behave(() => ({ status: failures-- > 0 ? 503 : 204 }));
  startWorkers(3);
  await recordStanding(database.db, lease, block);
  await resumeAccount(database.db, 'default');
  await receiver.until((notices) => notices.length >= 5);
  expect(states()).toEqual([...Array(4).fill('ready → refused'), 'refused → connecting']);
  expect(new Set(receiver.notices.map(({ id }) => id)).size).toBe(2);
});

it('is given up at the end of the window', async () => {
  receiver.behave(() => ({ status: 500 }));
  startWorkers(1, receiver.url, { ...soon, window: 200 });
  await recordStanding(database.db, lease, block);
  await expect.poll(stored).toEqual(['dead']);
});

it('where there is none, nothing is kept for it', async () => {
  startWorkers(1, '');
  await recordStanding(database.db, lease, block);
  await expect.poll(stored).toEqual(['dead']);
  expect(receiver.notices).toEqual([]);
});
