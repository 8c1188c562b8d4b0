import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createProductDatabase } from '../../../test/product-database.ts';
import type { DatabaseConnection } from '../database/connect.ts';
import { tasks, tokenLedger } from '../database/schema.ts';
import { InsufficientTokens } from '../tokens/ledger.ts';
import { createUser, deleteUser, getUser } from '../users/users.ts';
import { type AcceptTask, createAcceptTask } from './accept-task.ts';
import { aTask } from './task.fixture.ts';
import { createTaskIds, type TaskId } from './task-id.ts';
import {
  cancelWindow,
  endOf,
  findWindows,
  pruneWindows,
  storeWindow,
  type Window,
  WindowClosed,
} from './windows.ts';

let database: DatabaseConnection;
let db: DatabaseConnection['db'];
let accept: AcceptTask;
let userName: string;
let userId: number;
const nextId = createTaskIds();
let users = 0;

beforeAll(async () => {
  database = await createProductDatabase();
  db = database.db;
});
afterAll(() => database.close());
beforeEach(async () => {
  accept = createAcceptTask(db);
  userName = `user${++users}`;
  userId = (await createUser(db, { userName, tokenTotal: 3 })).user.id;
});

const now = new Date('2026-01-02T03:00:00.000Z');
const minutesLater = (minutes: number) => new Date(now.getTime() + minutes * 60_000);

async function open(different: Partial<Window> = {}): Promise<Window> {
  const window: Window = {
    id: nextId(),
    userId,
    parentId: nextId(),
    action: { kind: 'button', messageId: '1', messageFlags: 0, customId: 'MJ::CustomZoom::1' },
    prompt: 'a cat --zoom 2',
    speed: 'fast',
    account: 'default',
    state: 'mine',
    notifyHook: 'https://hooks.example/',
    createdAt: now,
    cancelledAt: null,
    ...different,
  };
  await storeWindow(db, window);
  return window;
}

const taskIn = ({ id }: { id: TaskId }, of = userId) => ({ ...aTask(), id, userId: of, fromWindow: true });
const accepted = (id: TaskId) => db.select({ id: tasks.id }).from(tasks).where(eq(tasks.id, id));
const tokenUse = async () => (await getUser(db, userName)).tokenUse;

describe('a window', () => {
  test('is kept as it was opened, for its user alone', async () => {
    const window = await open();
    expect(await findWindows(db, userId, [window.id])).toEqual([window]);
    expect(await findWindows(db, userId)).toEqual([window]);
    expect(await findWindows(db, userId + 1, [window.id])).toEqual([]);
    expect(await findWindows(db, userId, [])).toEqual([]);
    expect(await tokenUse()).toBe(0);
  });

  test('is gone as soon as its task, which has its id, is there', async () => {
    const window = await open();
    await accept(taskIn(window));
    expect(await accepted(window.id)).toHaveLength(1);
    expect(await findWindows(db, userId, [window.id])).toEqual([]);
    expect(await tokenUse()).toBe(1);
  });

  test('has one task and one token, however many submit it at once', async () => {
    const [window, other] = [await open(), await open()];
    const submits = Array.from({ length: 10 }, () => accept(taskIn(window)));
    const beside = accept(taskIn(other));
    const outcomes = await Promise.allSettled(submits);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(WindowClosed);
    await beside;
    const reserved = await db.select().from(tokenLedger).where(eq(tokenLedger.taskId, window.id));
    expect([reserved.length, await tokenUse()]).toEqual([1, 2]);
  });

  test('has one task also when two processes submit it', async () => {
    const window = await open();
    const processes = [createAcceptTask(db), createAcceptTask(db), createAcceptTask(db)];
    const outcomes = await Promise.allSettled(processes.map((submit) => submit(taskIn(window))));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await tokenUse()).toBe(1);
  });

  test('stays when its user has no token left', async () => {
    for (let used = 0; used < 3; used++) await accept({ ...aTask(), id: nextId(), userId });
    const window = await open();
    await expect(accept(taskIn(window))).rejects.toThrow(InsufficientTokens);
    expect(await accepted(window.id)).toEqual([]);
    expect(await findWindows(db, userId, [window.id])).toHaveLength(1);
  });

  test('that was cancelled is submitted no more, and one that was submitted is not cancelled', async () => {
    const [cancelled, submitted] = [await open(), await open()];
    expect(await cancelWindow(db, userId + 1, cancelled.id, now)).toBe(false);
    expect(await cancelWindow(db, userId, cancelled.id, now)).toBe(true);
    expect(await cancelWindow(db, userId, cancelled.id, now)).toBe(false);
    const [shown] = await findWindows(db, userId, [cancelled.id]);
    expect(shown && endOf(shown, now)).toEqual({ why: 'cancelled', at: now });
    await expect(accept(taskIn(cancelled))).rejects.toThrow(WindowClosed);
    await accept(taskIn(submitted));
    expect(await cancelWindow(db, userId, submitted.id, now)).toBe(false);
    expect(await tokenUse()).toBe(1);
  });

  test('expires after ten minutes, is shown for an hour, and then deleted', async () => {
    const window = await open();
    expect(endOf(window, minutesLater(9.9))).toBeUndefined();
    expect(endOf(window, minutesLater(10))).toEqual({ why: 'timed out', at: minutesLater(10) });
    expect(await cancelWindow(db, userId, window.id, minutesLater(10))).toBe(false);
    await pruneWindows(db, minutesLater(59));
    expect(await findWindows(db, userId)).toHaveLength(1);
    await pruneWindows(db, minutesLater(60));
    expect(await findWindows(db, userId)).toEqual([]);
  });

  test('is deleted with its user', async () => {
    await open();
    await deleteUser(db, userName);
    expect(await findWindows(db, userId)).toEqual([]);
  });
});
