import { eq, inArray } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProductDatabase } from '../../../test/product-database.ts';
import { type DatabaseConnection, databaseErrorCode } from '../database/connect.ts';
import { tasks, tokenLedger, users } from '../database/schema.ts';
import { InsufficientTokens } from '../tokens/ledger.ts';
import { createUser } from '../users/users.ts';
import { type AcceptTask, createAcceptTask } from './accept-task.ts';
import { IdempotencyKeyTaken, repeatableRequest } from './idempotency.ts';
import { aTask } from './task.fixture.ts';
import { createTaskIds } from './task-id.ts';

let database: DatabaseConnection;
let accept: AcceptTask;
let someone: number;
let another: number;
const nextId = createTaskIds();
let names = 0;

const newUser = async (tokenTotal: number) =>
  (await createUser(database.db, { userName: `user${++names}`, tokenTotal })).user.id;
const task = (userId: number, id = nextId()) => ({ ...aTask({ createdAt: new Date() }), id, userId });

beforeAll(async () => {
  database = await createProductDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  accept = createAcceptTask(database.db);
  someone = await newUser(3);
  another = await newUser(50);
});
afterEach(() => vi.restoreAllMocks());

/** Outcomes of submits that are made at once, in their order. */
async function outcomesOf(submits: Promise<unknown>[]): Promise<string[]> {
  const settled = await Promise.allSettled(submits);
  return settled.map((outcome) => (outcome.status === 'fulfilled' ? 'accepted' : outcome.reason.name));
}

async function expectBooked(userId: number, count: number) {
  const { db } = database;
  const stored = await db.select({ id: tasks.id }).from(tasks).where(eq(tasks.userId, userId));
  const [user] = await db.select({ use: users.tokenUse }).from(users).where(eq(users.id, userId));
  const ids = stored.map(({ id }) => id);
  const reserved = await db.select().from(tokenLedger).where(inArray(tokenLedger.taskId, ids));
  expect([stored.length, user?.use, reserved.length]).toEqual([count, count, count]);
}

describe('submits that come together', () => {
  it('share a transaction, and are each answered for themselves', async () => {
    const transactions = vi.spyOn(database.db, 'transaction');
    const submits = Array.from({ length: 20 }, (_, i) => accept(task(i % 4 === 0 ? someone : another)));
    const outcomes = await outcomesOf(submits);
    expect(transactions).toHaveBeenCalledTimes(1);
    // Of the five of the user who has three tokens, the first three.
    const refused = outcomes.flatMap((outcome, at) => (outcome === 'accepted' ? [] : [`${at} ${outcome}`]));
    expect(refused).toEqual([`12 ${InsufficientTokens.name}`, `16 ${InsufficientTokens.name}`]);
    await expectBooked(someone, 3);
    await expectBooked(another, 15);
  });

  it('with one key are one task, the key being free again for another user', async () => {
    const outcomes = await outcomesOf(
      [another, another, someone, another].map((userId) =>
        accept(task(userId), repeatableRequest(userId, 'order 1', 'body')),
      ),
    );
    const taken = IdempotencyKeyTaken.name;
    expect(outcomes).toEqual(['accepted', taken, 'accepted', taken]);
    expect(await outcomesOf([accept(task(another), repeatableRequest(another, 'order 1', 'x'))])).toEqual([
      taken,
    ]);
    await expectBooked(another, 1);
    await expectBooked(someone, 1);
  });

  it('do not suffer from one that MySQL refuses', async () => {
    const { id } = await accept(task(another));
    const submits = [accept(task(someone)), accept(task(another, id)), accept(task(another))];
    const [first, repeatedId, last] = await Promise.allSettled(submits);
    expect([first?.status, last?.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(repeatedId?.status === 'rejected' && databaseErrorCode(repeatedId.reason)).toBe('ER_DUP_ENTRY');
    await expectBooked(someone, 1);
    await expectBooked(another, 2);
  });
});

it('only the submits of a user that another process has locked wait for the lock', async () => {
  let unlock = () => {};
  const locking = new Promise<() => Promise<void>>((locked) => {
    const done = database.db.transaction(async (tx) => {
      await tx.select().from(users).where(eq(users.id, someone)).for('update');
      await new Promise<void>((resolve) => {
        unlock = resolve;
        locked(() => done);
      });
    });
  });
  const unlocked = await locking;
  let waits = true;
  const waiting = Promise.all([accept(task(someone)), accept(task(someone))]).finally(() => {
    waits = false;
  });
  await Promise.all([accept(task(another)), accept(task(another))]);
  await accept(task(another));
  expect(waits).toBe(true);
  unlock();
  await Promise.all([unlocked(), waiting]);
  await expectBooked(someone, 2);
  await expectBooked(another, 3);
});
