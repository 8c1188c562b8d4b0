import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createProductDatabase } from '../../../test/product-database.ts';
import { holdDefaultAccount } from '../accounts/account.fixture.ts';
import { isNewest, LeaseLost } from '../accounts/leases.ts';
import type { DatabaseConnection } from '../database/connect.ts';
import { tasks, tokenLedger } from '../database/schema.ts';
import { InsufficientTokens } from '../tokens/ledger.ts';
import { resetTokenUse } from '../users/change-tokens.ts';
import { createUser, findUserByAppKey } from '../users/users.ts';
import { type AcceptTask, createAcceptTask } from './accept-task.ts';
import { changeTask, OthersUnderWay } from './change-task.ts';
import { findTask } from './find-tasks.ts';
import { aTask } from './task.fixture.ts';
import type { Task } from './task.ts';
import { createTaskIds, type TaskId } from './task-id.ts';
import type { TaskEvent } from './transition.ts';

let database: DatabaseConnection;
let acceptTask: AcceptTask;
let appKey: string;
let userId: number;
let announced: string[] = [];
let ended: unknown[];
const changes = { announce: (task: Pick<Task, 'status'>) => void announced.push(task.status) };
const taskEnded = (task: Task, userName: string) => void ended.push([task.id, userName, task.failCode]);
/** None of the tasks here has a hook. */
const queues = { addNotice: () => Promise.reject(new Error('no task here has a hook')) };
const nextId = createTaskIds();
let names = 0;

beforeAll(async () => {
  database = await createProductDatabase();
  acceptTask = createAcceptTask(database.db);
  await holdDefaultAccount(database.db);
});
afterAll(() => database.close());
beforeEach(async () => {
  const created = await createUser(database.db, { userName: `user${++names}`, tokenTotal: 5 });
  appKey = created.appKey;
  userId = created.user.id;
  announced = [];
  ended = [];
});

const accept = () => acceptTask({ ...aTask({ createdAt: new Date() }), id: nextId(), userId });
const change = (id: TaskId, event: TaskEvent) =>
  changeTask({ db: database.db, changes, queues, taskEnded }, id, event);
const tokenUse = async () => (await findUserByAppKey(database.db, appKey))?.tokenUse;
const ledger = async (id: TaskId) => {
  const rows = await database.db
    .select()
    .from(tokenLedger)
    .where(eq(tokenLedger.taskId, id))
    .orderBy(tokenLedger.id);
  return rows.map((row) => [row.kind, row.change]);
};
const sending = (exclusiveKey: string | null = null): TaskEvent => ({
  type: 'sending',
  account: 'default',
  fence: 1,
  nonce: '1',
  formerNonce: null,
  sentAfterMessageId: '0',
  exclusiveKey,
});
const submit = async (id: TaskId) => {
  await change(id, sending());
  await change(id, { type: 'submitted' });
};
const claimed: TaskEvent = { type: 'claimed' };
/** Each task has a message of its own. */
const succeeded = (id: TaskId): TaskEvent => ({
  type: 'succeeded',
  result: {
    messageId: id,
    messageFlags: 0,
    messageHash: null,
    imageUrl: 'https://cdn.example/🐈.png',
    mediaType: 'image/png',
    width: 1,
    height: 1,
    buttons: [{ label: 'U1', custom_id: 'MJ::JOB::upsample::1::h', action: 'upscale' }],
    texts: null,
  },
});
const progressedTo = (progress: number): TaskEvent => ({
  type: 'progressed',
  progressMessageId: '8',
  progress,
});
const failed: TaskEvent = { type: 'failed', code: 'rejected', reason: 'no' };

describe('a token', () => {
  it('is reserved with the task, both or neither', async () => {
    const task = await accept();
    expect(await tokenUse()).toBe(1);
    expect(await findTask(database.db, task.id)).toEqual(task);
    for (let i = 0; i < 4; i++) await accept();
    const id = nextId();
    await expect(acceptTask({ ...aTask(), id, userId })).rejects.toThrow(InsufficientTokens);
    expect(await findTask(database.db, id)).toBeUndefined();
    expect(await ledger(id)).toEqual([]);
    expect(await tokenUse()).toBe(5);
  });

  it('is reserved exactly as often as the balance allows, however many ask at once', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 40 }, accept));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(await tokenUse()).toBe(5);
  });

  it('is spent by a claim, once, and only while there is one', async () => {
    const { id } = await accept();
    await submit(id);
    await change(id, failed);
    await change(id, succeeded(id));
    const others = await Promise.all(Array.from({ length: 5 }, accept));
    await expect(change(id, claimed)).rejects.toThrow(InsufficientTokens);
    expect(await findTask(database.db, id)).toMatchObject({ status: 'failed', imageUrl: null });
    for (const other of others.slice(0, 2)) await change(other.id, failed);
    const claims = await Promise.all(Array.from({ length: 6 }, () => change(id, claimed)));
    expect(claims.filter((changed) => changed?.applied)).toHaveLength(1);
    expect(claims.every((changed) => changed?.task.status === 'succeeded')).toBe(true);
    expect(await ledger(id)).toEqual([
      ['reserve', 1],
      ['refund', -1],
      ['claim', 1],
    ]);
    expect(await tokenUse()).toBe(4);
  });

  it('is spent when the task succeeds', async () => {
    const { id } = await accept();
    await submit(id);
    expect(await change(id, succeeded(id))).toMatchObject({
      applied: true,
      task: { status: 'succeeded', imageUrl: 'https://cdn.example/🐈.png' },
    });
    expect(await tokenUse()).toBe(1);
    expect(await ledger(id)).toEqual([
      ['reserve', 1],
      ['spend', 0],
    ]);
    expect((await findTask(database.db, id))?.buttons).toHaveLength(1);
  });

  it('is given back once when the task fails, however many say so at once', async () => {
    const { id } = await accept();
    await accept();
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => change(id, failed)));
    expect(outcomes.filter((outcome) => outcome?.applied)).toHaveLength(1);
    expect(outcomes.every((outcome) => outcome?.task.status === 'failed')).toBe(true);
    expect(await tokenUse()).toBe(1);
    expect(await ledger(id)).toEqual([
      ['reserve', 1],
      ['refund', -1],
    ]);
  });

  it('stays reserved for open tasks when the count is reset, and is given back from there', async () => {
    const [done, open] = [await accept(), await accept()];
    await submit(done.id);
    await change(done.id, succeeded(done.id));
    expect((await resetTokenUse(database.db, appKey)).tokenUse).toBe(1);
    await change(open.id, failed);
    expect(await tokenUse()).toBe(0);
  });

  it('is counted right when submits, failures and resets run at the same time', async () => {
    const tasks = await Promise.all(Array.from({ length: 4 }, accept));
    await Promise.all([
      ...tasks.map(({ id }) => change(id, failed)),
      resetTokenUse(database.db, appKey),
      resetTokenUse(database.db, appKey),
      accept().catch(() => {}),
    ]);
    const open = await database.db.query.tasks.findMany({
      where: (task, { and, eq: is }) => and(is(task.userId, userId), is(task.status, 'queued')),
    });
    expect(await tokenUse()).toBe(open.length);
  });
});

describe('changeTask', () => {
  it('changes nothing when an event comes again, late or too early, and returns the present state', async () => {
    const { id } = await accept();
    expect(await change(id, succeeded(id))).toMatchObject({ applied: false, task: { status: 'queued' } });
    await submit(id);
    await change(id, succeeded(id));
    const before = await findTask(database.db, id);
    for (const event of [succeeded(id), failed, { type: 'submitted' } as const]) {
      expect(await change(id, event)).toMatchObject({ applied: false, task: { status: 'succeeded' } });
    }
    expect(await findTask(database.db, id)).toEqual(before);
  });

  it('announces what it changed, after the commit, and nothing else', async () => {
    const { id } = await accept();
    await submit(id);
    await change(id, failed);
    await change(id, failed);
    expect(announced).toEqual(['queued', 'submitted', 'failed']);
  });

  it('keeps a picture that came too late, once, and changes nothing else', async () => {
    const { id } = await accept();
    await submit(id);
    await change(id, { type: 'failed', code: 'timeout', reason: 'too slow' });
    const use = await tokenUse();
    expect(await change(id, succeeded(id))).toMatchObject({
      applied: true,
      task: { status: 'failed', imageUrl: null },
    });
    expect(await change(id, succeeded(id))).toMatchObject({ applied: false });
    expect(await findTask(database.db, id)).toMatchObject({
      status: 'failed',
      lateResult: { imageUrl: 'https://cdn.example/🐈.png' },
    });
    expect([await tokenUse(), (await ledger(id)).length]).toEqual([use, 2]);
  });

  it("never makes a message that is one task's result another's, a late one included", async () => {
    const first = await accept();
    const second = await accept();
    const late = await accept();
    for (const { id } of [first, second, late]) await submit(id);
    await change(late.id, { type: 'failed', code: 'timeout', reason: 'too slow' });
    await change(first.id, succeeded(first.id));
    const taken = succeeded(first.id);

    for (const { id } of [second, late]) {
      const use = await tokenUse();
      expect(await change(id, taken)).toMatchObject({ applied: false, resultIsTaken: true });
      expect([await tokenUse(), (await findTask(database.db, id))?.lateResult]).toEqual([use, null]);
    }
    expect(await findTask(database.db, second.id)).toMatchObject({
      status: 'submitted',
      resultMessageId: null,
    });
    expect(await change(second.id, succeeded(second.id))).toMatchObject({ applied: true });
    expect(await change(late.id, succeeded(late.id))).toMatchObject({ applied: true });
  });

  it('lets one of those be sent at a time that nothing would distinguish', async () => {
    const [first, second] = [await accept(), await accept()];
    await change(first.id, sending('blend'));
    await expect(change(second.id, sending('blend'))).rejects.toThrow(OthersUnderWay);
    expect(await findTask(database.db, second.id)).toMatchObject({ nonce: null, sendAttempts: 0 });
    await change(second.id, sending('shorten'));
    await change(first.id, { type: 'identified', interactionId: '7' });
    const third = await accept();
    await change(third.id, sending('blend'));
    await change(third.id, { type: 'failed', code: 'timeout', reason: 'too slow' });
    const fourth = await accept();
    expect(await change(fourth.id, sending('blend'))).toMatchObject({ applied: true });
  });

  it('lets one of two send that come together', async () => {
    const seen = await accept();
    const context = { db: database.db, changes, queues, taskEnded };
    const sends = ['11', '12'].map((nonce) => ({ ...sending(), nonce }) as TaskEvent);
    const sent = await Promise.all(
      sends.map((event) => changeTask(context, seen.id, event, new Date(), seen)),
    );
    expect(sent.map((changed) => changed?.applied).sort()).toEqual([false, true]);
    expect(await findTask(database.db, seen.id)).toMatchObject({ sendAttempts: 1 });
  });

  it('does not let a worker send that lost its lease', async () => {
    const { id } = await accept();
    const former: TaskEvent = {
      type: 'sending',
      account: 'default',
      fence: 0,
      nonce: '1',
      formerNonce: null,
      sentAfterMessageId: '0',
      exclusiveKey: null,
    };
    await expect(change(id, former)).rejects.toThrow(LeaseLost);
    expect(await findTask(database.db, id)).toMatchObject({ sendAttempts: 0, nonce: null });
  });

  it('keeps the lease from everybody else until what it allows to be sent is committed', async () => {
    const { db } = database;
    const lockLease = () =>
      db.transaction((tx) =>
        tx.execute(sql`select fence from accounts where name = 'default' for update nowait`),
      );
    await db.transaction(async (tx) => {
      const lease = { account: 'default', fence: 1 };
      await tx.update(tasks).set({ sendAttempts: 1 }).where(isNewest(lease));
      await expect(lockLease()).rejects.toThrow();
    });
    await lockLease();
  });

  it('decides again when the task is no longer as it was seen', async () => {
    const seen = await accept();
    await submit(seen.id);
    const context = { db: database.db, changes, queues, taskEnded };
    // As it was seen, the first of these was not allowed yet, and the second still was.
    expect(await changeTask(context, seen.id, succeeded(seen.id), new Date(), seen)).toMatchObject({
      applied: true,
      task: { status: 'succeeded', nonce: '1', version: 4 },
    });
    expect(await changeTask(context, seen.id, failed, new Date(), seen)).toMatchObject({
      applied: false,
      task: { status: 'succeeded' },
    });
  });

  it('reports the end of a task once, with its user and the code that is stored', async () => {
    const [drawn, cancelled] = [await accept(), await accept()];
    for (const { id } of [drawn, cancelled]) await submit(id);
    expect(ended).toEqual([]);
    await change(drawn.id, succeeded(drawn.id));
    await change(drawn.id, succeeded(drawn.id));
    await change(cancelled.id, { type: 'cancel_requested' });
    await change(cancelled.id, { type: 'failed', code: 'stopped', reason: 'Midjourney stopped.' });
    const user = `user${names}`;
    expect(ended).toEqual([
      [drawn.id, user, null],
      [cancelled.id, user, 'cancelled'],
    ]);
  });

  it('makes each of many changes that come at once', async () => {
    const { id } = await accept();
    await submit(id);
    const progress = Array.from({ length: 10 }, (_, at) => change(id, progressedTo(10 * (at + 1))));
    const applied = (await Promise.all(progress)).filter((changed) => changed?.applied).length;
    expect(await findTask(database.db, id)).toMatchObject({ progress: 100, version: 3 + applied });
  });

  it('knows no task of another id', async () => {
    expect(await change(nextId(), failed)).toBeUndefined();
  });
});
