import { setTimeout } from 'node:timers/promises';
import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import { addAccount, changeAccount } from '@midjourney-api/shared/accounts/accounts';
import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import { recordRefusal } from '@midjourney-api/shared/accounts/standing';
import type { DatabaseConnection } from '@midjourney-api/shared/database/connect';
import { accounts } from '@midjourney-api/shared/database/schema';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../../../test/eventually.ts';
import { createProductDatabase } from '../../../../test/product-database.ts';
import { AccountPool } from './account-pool.ts';
import type { OwnLease } from './own-lease.ts';

const leaseMs = 1_200;

let connection: DatabaseConnection;
let workers: Worker[];
beforeEach(async () => {
  connection = await createProductDatabase();
  workers = [];
});
afterEach(async () => {
  await Promise.all(workers.map(({ pool }) => pool.stop()));
  await connection.close();
});

interface Worker {
  pool: AccountPool;
  /** Every lease that it ever had. */
  leases: OwnLease[];
  has(): string[];
  /** Those that take nothing new. */
  closed: Set<string>;
}

interface Behaviour {
  startMs?: number;
  stopMs?: number;
  isIdle?: boolean;
  /** Called between the reading of the accounts' rows and what is made of them. */
  whileLooking?: (account: string) => void;
  isKnownRefused?: () => boolean;
  refuse?: (refusal: AccountRefusal) => void;
}

function startWorker(name: string, behaviour: Behaviour = {}): Worker {
  const { startMs = 0, stopMs = 0, isIdle = true, whileLooking } = behaviour;
  const { isKnownRefused = () => false, refuse = () => {} } = behaviour;
  const leases: OwnLease[] = [];
  const closed = new Set<string>();
  const running = new Set<string>();
  const pool: Worker['pool'] = new AccountPool({
    db: connection.db,
    worker: name,
    leaseMs,
    open: ({ name, guildId, channelId, userToken, ...row }) => ({
      ...row,
      pacing: unpaced,
      name,
      guildId: guildId ?? '',
      channelId: channelId ?? '',
      userToken: userToken ?? '',
    }),
    start: ({ name: account }, lease) => {
      leases.push(lease);
      running.add(account);
      return {
        started: setTimeout(startMs),
        isKnownRefused,
        refuse,
        isIdle: () => isIdle,
        setOpen: (open) => {
          whileLooking?.(account);
          if (open) closed.delete(account);
          else closed.add(account);
        },
        stop: () => {
          running.delete(account);
          return setTimeout(stopMs);
        },
      };
    },
    log: createLogger('worker', 'fatal'),
  });
  pool.start();
  const worker = { pool, leases, closed, has: () => [...running] };
  workers.push(worker);
  return worker;
}

async function addAccounts(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await addAccount(connection.db, `account-${i}`, {
      guildId: '1',
      channelId: String(i),
      userToken: 'sealed',
      botToken: 'sealed',
      session: 'bot',
      concurrency: 3,
      speed: null,
      weight: 1,
      resumeAfterBlock: false,
    });
  }
}

const shares = () => workers.map((worker) => worker.has().length);
/** In the order of the workers: another order may pass by before all of them know of each other. */
const sharedAs = (expected: number[]) => eventually(() => expect(shares()).toEqual(expected));

/** The worker and the fence of every account. */
const leases = async () =>
  connection.db
    .select({ name: accounts.name, worker: accounts.worker, fence: accounts.fence })
    .from(accounts)
    .orderBy(accounts.name);

it('shares ten accounts among three workers as 4, 3 and 3, each account with one of them, and leaves it at that', async () => {
  await addAccounts(10);
  for (const name of ['a', 'b', 'c']) startWorker(name);
  await sharedAs([4, 3, 3]);
  expect(new Set(workers.flatMap((worker) => worker.has())).size).toBe(10);
  const before = await leases();
  await setTimeout(3 * leaseMs);
  expect(await leases()).toEqual(before);
  // Each worker knows that its leases were renewed, without which it would send nothing.
  const own = workers.flatMap((worker) => worker.leases);
  const current = before.map(({ name, fence }) =>
    own.find((lease) => lease.account === name && lease.fence === fence),
  );
  await eventually(() => expect(current.filter((lease) => lease?.holds())).toHaveLength(10));
});

it('lets a lease end that it could not release, and takes the account again', async () => {
  await addAccounts(1);
  const leaseUntil = sql`timestampadd(microsecond, ${leaseMs * 1_000}, utc_timestamp(3))`;
  await connection.db.update(accounts).set({ worker: 'one', fence: 1, leaseUntil });
  const one = startWorker('one');
  await sharedAs([1]);
  expect(one.leases.map(({ fence }) => fence)).toEqual([2]);
});

it('keeps its leases while accounts take long to start and to stop', async () => {
  await addAccounts(6);
  const slow = startWorker('slow', { startMs: 4 * leaseMs, stopMs: 3 * leaseMs });
  await sharedAs([6]);
  const second = startWorker('second');
  // What is given away is free only once it has stopped; then the other has it.
  await eventually(() => expect(slow.has()).toHaveLength(3));
  await setTimeout(2 * leaseMs);
  expect(second.leases).toEqual([]);
  await sharedAs([3, 3]);
  expect(slow.leases).toHaveLength(6);
});

it('leaves the others their accounts when a worker leaves, and gives its own to them at once', async () => {
  await addAccounts(10);
  const [first, ...others] = ['a', 'b', 'c'].map((name) => startWorker(name));
  await sharedAs([4, 3, 3]);
  const before = others.map((worker) => worker.has());
  await first?.pool.stop();
  workers.shift();
  // Its leases do not have to end first.
  expect((await leases()).filter(({ worker }) => worker === 'a')).toEqual([]);
  await sharedAs([5, 5]);
  for (const [at, worker] of others.entries())
    expect(worker.has()).toEqual(expect.arrayContaining(before[at] ?? []));
});

it('closes a disabled account, and keeps it while it has something to follow', async () => {
  await addAccounts(2);
  const busy = startWorker('busy', { isIdle: false });
  await sharedAs([2]);
  await changeAccount(connection.db, 'account-0', { enabled: false });
  await eventually(() => expect([...busy.closed]).toEqual(['account-0']));
  await setTimeout(2 * leaseMs);
  expect(busy.has()).toHaveLength(2);

  await changeAccount(connection.db, 'account-0', { enabled: true });
  await eventually(() => expect([...busy.closed]).toEqual([]));
  expect(busy.leases).toHaveLength(2);
});

it('gives a disabled account away once it is idle', async () => {
  await addAccounts(2);
  const worker = startWorker('idle');
  await sharedAs([2]);
  await changeAccount(connection.db, 'account-0', { enabled: false });
  await eventually(() => expect(worker.has()).toEqual(['account-1']));
  await eventually(async () => expect((await leases())[0]?.worker).toBe(null));
});

it('does not take an account for resumed that was refused while its row was read', async () => {
  let refused = false;
  let looks = 0;
  const worker = startWorker('a', {
    isKnownRefused: () => refused,
    whileLooking: () => {
      // The first is when it is taken.
      if (++looks !== 2) return;
      refused = true;
      void connection.db.update(accounts).set({ state: 'refused' }).execute();
    },
  });
  await addAccounts(1);
  await eventually(() => expect(looks).toBeGreaterThan(5));
  expect(worker.leases).toHaveLength(1);
});

it('stops an account that another worker found refused', async () => {
  const refusals: AccountRefusal[] = [];
  startWorker('a', { refuse: (refusal) => refusals.push(refusal) });
  await addAccounts(1);
  await sharedAs([1]);
  const captcha = { cause: 'captcha', reason: 'a captcha', until: null } as const;
  await recordRefusal(connection.db, 'account-0', captcha);
  await eventually(() => expect(refusals[0]).toEqual(captcha));
});

it('resumes an account after its block only where its operator allows that', async () => {
  await addAccounts(3);
  const state = async () =>
    (await connection.db.select({ state: accounts.state }).from(accounts).orderBy(accounts.name)).map(
      (row) => row.state,
    );
  await changeAccount(connection.db, 'account-1', { resumeAfterBlock: true });
  await changeAccount(connection.db, 'account-2', { resumeAfterBlock: true });
  const until = new Date(Date.now() + 2_000);
  for (const name of ['account-0', 'account-1'])
    await recordRefusal(connection.db, name, { cause: 'blocked', reason: 'for a while', until });
  await recordRefusal(connection.db, 'account-2', { cause: 'moderation', reason: 'a warning', until });
  startWorker('a', { isKnownRefused: () => true });
  startWorker('b', { isKnownRefused: () => true });
  await eventually(async () => expect(await state()).toEqual(['refused', 'connecting', 'refused']));
  expect(Date.now()).toBeGreaterThan(until.getTime());
});
