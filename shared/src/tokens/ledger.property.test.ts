import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProductDatabase } from '../../../test/product-database.ts';
import { holdDefaultAccount } from '../accounts/account.fixture.ts';
import type { DatabaseConnection } from '../database/connect.ts';
import { tasks, tokenLedger, users } from '../database/schema.ts';
import { type AcceptTask, createAcceptTask } from '../tasks/accept-task.ts';
import { changeTask } from '../tasks/change-task.ts';
import { aTask } from '../tasks/task.fixture.ts';
import { createTaskIds, type TaskId } from '../tasks/task-id.ts';
import type { TaskEvent } from '../tasks/transition.ts';
import { resetTokenUse } from '../users/change-tokens.ts';
import { createUser } from '../users/users.ts';
import { InsufficientTokens } from './ledger.ts';

let database: DatabaseConnection;
/** Two processes, which lock the same users. */
let apis: AcceptTask[];
let submits = 0;
const newTaskId = createTaskIds();
const changes = { announce: () => {} };
const taskEnded = () => {};
/** None of the tasks here has a hook to notify. */
const queues = { addNotice: () => Promise.reject(new Error('no task here has a hook')) };

beforeAll(async () => {
  database = await createProductDatabase();
  apis = [createAcceptTask(database.db), createAcceptTask(database.db)];
  await holdDefaultAccount(database.db);
});
afterAll(() => database.close());

const events: Record<string, TaskEvent> = {
  sending: {
    type: 'sending',
    account: 'default',
    fence: 1,
    nonce: '1',
    formerNonce: null,
    sentAfterMessageId: '0',
    exclusiveKey: null,
  },
  'not sent': { type: 'not_sent', nonce: '1' },
  submitted: { type: 'submitted' },
  started: { type: 'started', progressMessageId: '1' },
  succeeded: {
    type: 'succeeded',
    result: {
      messageId: '1',
      messageFlags: 0,
      messageHash: null,
      imageUrl: null,
      mediaType: 'image/png',
      width: null,
      height: null,
      buttons: [],
      texts: null,
    },
  },
  stopped: { type: 'failed', code: 'stopped', reason: 'moderated' },
  released: { type: 'failed', code: 'released', reason: 'given up' },
  claimed: { type: 'claimed' },
};

type Step = { do: 'submit' } | { do: 'reset' } | { do: 'event'; event: string; task: number };

const event = (names: fc.Arbitrary<string>): fc.Arbitrary<Step> =>
  fc.record({ do: fc.constant('event'), event: names, task: fc.nat({ max: 9 }) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Step>({ do: 'submit' }) },
  { weight: 4, arbitrary: event(fc.constantFrom('submitted', 'succeeded', 'succeeded', 'released')) },
  { weight: 4, arbitrary: event(fc.constantFrom(...Object.keys(events))) },
  { weight: 3, arbitrary: event(fc.constantFrom('released', 'succeeded', 'claimed')) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'reset' }) },
);
/** What is in one batch happens at once; batches follow each other. */
const story = fc.record({
  tokenTotal: fc.integer({ min: 0, max: 6 }),
  batches: fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 8 }),
});

let names = 0;
async function newUser(tokenTotal: number) {
  const { user, appKey } = await createUser(database.db, { userName: `user${++names}`, tokenTotal });
  return { id: user.id, appKey, tokenTotal };
}
type Someone = Awaited<ReturnType<typeof newUser>>;

/** @returns whether the task was accepted. */
async function submit(user: Someone, id: TaskId): Promise<boolean> {
  try {
    const through = submits++ % apis.length;
    await apis[through]?.({ ...aTask({ createdAt: new Date() }), id, userId: user.id });
    return true;
  } catch (error) {
    if (error instanceof InsufficientTokens) return false;
    throw error;
  }
}

async function run(user: Someone, accepted: TaskId[], one: Step): Promise<void> {
  if (one.do === 'reset') {
    await resetTokenUse(database.db, user.appKey);
  } else if (one.do === 'submit') {
    const id = newTaskId();
    if (await submit(user, id)) accepted.push(id);
  } else {
    const id = accepted[one.task % Math.max(accepted.length, 1)];
    const event = events[one.event];
    if (!id || !event) return;
    // Each task has a message of its own.
    const happened =
      event.type === 'succeeded' ? { ...event, result: { ...event.result, messageId: id } } : event;
    await changeTask({ db: database.db, changes, queues, taskEnded }, id, happened).catch((error) => {
      if (!(error instanceof InsufficientTokens)) throw error;
    });
  }
}

async function tokenUse({ id }: Someone): Promise<number> {
  const [user] = await database.db.select({ used: users.tokenUse }).from(users).where(eq(users.id, id));
  return user?.used ?? Number.NaN;
}

const isSpent = (kind: string) => kind === 'spend' || kind === 'claim';
/** What the ledger may say of a task. */
const histories = {
  queued: ['reserve'],
  submitted: ['reserve'],
  running: ['reserve'],
  succeeded: ['reserve,spend', 'reserve,refund,claim'],
  failed: ['reserve,refund'],
};

async function expectBalance(user: Someone): Promise<void> {
  const { db } = database;
  const used = await tokenUse(user);
  expect(used).toBeGreaterThanOrEqual(0);
  expect(used).toBeLessThanOrEqual(user.tokenTotal);

  const stored = await db
    .select({ id: tasks.id, status: tasks.status })
    .from(tasks)
    .where(eq(tasks.userId, user.id));
  const movements = await db
    .select()
    .from(tokenLedger)
    .where(eq(tokenLedger.userId, user.id))
    .orderBy(tokenLedger.id);
  expect(movements.reduce((sum, { change }) => sum + change, 0)).toBe(used);

  const lastReset = movements.findLast(({ kind }) => kind === 'reset')?.id ?? 0;
  const succeeded = movements.filter(({ id, kind }) => isSpent(kind) && id > lastReset).length;
  const open = stored.filter(({ status }) => status !== 'succeeded' && status !== 'failed').length;
  expect(used).toBe(open + succeeded);

  for (const { id, status } of stored) {
    const kinds = movements.filter(({ taskId }) => taskId === id).map(({ kind }) => kind);
    expect(histories[status]).toContain(kinds.join());
  }
}

test('whatever happens, and however much of it at once, tokens used are open and succeeded tasks', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ tokenTotal, batches }) => {
      const user = await newUser(tokenTotal);
      const accepted: TaskId[] = [];
      for (const batch of batches) {
        await Promise.all(batch.map((one) => run(user, accepted, one)));
        await expectBalance(user);
      }
    }),
    { numRuns: 60 },
  );
});

test('of many submits at once as many are accepted as tokens are left, also while tasks end', async () => {
  const wanted = fc.record({
    tokenTotal: fc.integer({ min: 1, max: 8 }),
    before: fc.nat({ max: 8 }),
    submits: fc.integer({ min: 1, max: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(wanted, async ({ tokenTotal, before, submits }) => {
      const user = await newUser(tokenTotal);
      for (let i = 0; i < before; i++) await submit(user, newTaskId());
      const left = tokenTotal - (await tokenUse(user));
      const answers = await Promise.all(Array.from({ length: submits }, () => submit(user, newTaskId())));
      expect(answers.filter(Boolean)).toHaveLength(Math.min(submits, left));
      await expectBalance(user);
    }),
    { numRuns: 20 },
  );
});
