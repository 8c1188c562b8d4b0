import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  notices,
  taskMasks,
  tasks,
  tokenLedger,
  uploads,
  users,
} from '@midjourney-api/shared/database/schema';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { readUsage } from '@midjourney-api/shared/tokens/usage';
import { asc, eq, inArray, sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { newPictureFile, originalPath } from '../pictures/picture-file.ts';
import {
  finishedGrid,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from '../testing/open-test-api.ts';
import { deleteOldTasks } from './delete-old-tasks.ts';
import { startReconciler } from './reconciler.ts';

const days = 30;
const daysLater = (count: number) => new Date(Date.now() + count * 24 * 60 * 60 * 1_000);
const always = () => true;

let api: TestApi;
let client: TestClient;
let dataDir: string;
beforeEach(async () => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'midjourney-api-retention-'));
  api = await openTestApi({ TASK_RETENTION_DAYS: String(days), IMAGE_STORE: 'fs', DATA_DIR: dataDir });
  client = await api.client('someone', 1_000);
});
afterEach(async () => {
  await api.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function submit(as = client, body: object = {}): Promise<TaskId> {
  return taskId((await as.post('/imagine', { prompt: 'a cat', ...body })).json.trigger_id);
}

async function succeeded(as = client, body: object = {}): Promise<TaskId> {
  const id = await submit(as, body);
  await api.happen(id, ...sent(), finishedGrid());
  return id;
}

async function failed(as = client): Promise<TaskId> {
  const id = await submit(as);
  await api.happen(id, { type: 'failed', code: 'released', reason: 'no' });
  return id;
}

/** Stores a picture for the task, as a copy of Discord's would be. @returns where. */
async function storePicture(id: TaskId): Promise<string> {
  const file = newPictureFile(id, 'png');
  await api.deps.pictures?.store.put(originalPath(file), Buffer.from('a picture'), 'image/png');
  await api.happen(id, {
    type: 'picture_stored',
    copy: { imageFile: file.name, durationMs: null },
  });
  return originalPath(file);
}

const left = async () =>
  (await api.deps.db.select({ id: tasks.id }).from(tasks).orderBy(asc(tasks.id))).map(({ id }) => id);

/** What the user's ledger adds up to, and what their count says. */
async function tokens({ userName }: TestClient) {
  const { db } = api.deps;
  const [user] = await db.select().from(users).where(eq(users.userName, userName));
  const [sum] = await db
    .select({ sum: sql<number>`coalesce(sum(${tokenLedger.change}), 0)`.mapWith(Number) })
    .from(tokenLedger)
    .where(eq(tokenLedger.userId, user?.id ?? 0));
  return { inUse: user?.tokenUse, ledger: sum?.sum };
}

describe('a task that ended long enough ago', () => {
  test('is gone with its picture, its mask, its notices and its ledger rows', async () => {
    const { db, pictures } = api.deps;
    const id = await succeeded(client, { notify_hook: 'https://hooks.example/' });
    const picture = await storePicture(id);
    await db.update(notices).set({ state: 'delivered', settledAt: new Date() });
    await db.insert(taskMasks).values({ taskId: id, bytes: Buffer.from('a mask') });
    expect(await pictures?.store.find(picture)).toBeDefined();

    expect(await deleteOldTasks(api.deps, daysLater(days + 1), always)).toBe(1);
    expect(await left()).toEqual([]);
    expect(await pictures?.store.find(picture)).toBeUndefined();
    expect(await db.select().from(notices)).toEqual([]);
    expect(await db.select().from(taskMasks)).toEqual([]);
    expect(await db.select().from(tokenLedger).where(eq(tokenLedger.taskId, id))).toEqual([]);
  });

  test('is unknown from then on, to its owner and as a parent', async () => {
    const id = await succeeded();
    await deleteOldTasks(api.deps, daysLater(days + 1), always);
    for (const answer of [
      await client.get(`/task/${id}`),
      await client.post('/upscale', { trigger_id: id, index: 1 }),
    ]) {
      expect([answer.status, answer.json.code]).toEqual([404, 'not_found']);
    }
  });

  test('leaves what its user has used as it was, and the ledger explains it', async () => {
    const other = await api.client('other');
    await succeeded(other);
    await failed(other);
    await succeeded();
    await succeeded();
    await failed();
    await submit();
    const before = [await tokens(client), await tokens(other)];
    expect(before).toEqual([
      { inUse: 3, ledger: 3 },
      { inUse: 1, ledger: 1 },
    ]);

    expect(await deleteOldTasks(api.deps, daysLater(days + 1), always)).toBe(5);
    expect([await tokens(client), await tokens(other)]).toEqual(before);
    // Again, onto the sum that is there now.
    await succeeded();
    await succeeded(other);
    expect(await deleteOldTasks(api.deps, daysLater(days + 1), always)).toBe(2);
    expect([await tokens(client), await tokens(other)]).toEqual([
      { inUse: 4, ledger: 4 },
      { inUse: 2, ledger: 2 },
    ]);
    const archives = await api.deps.db.select().from(tokenLedger).where(eq(tokenLedger.kind, 'archive'));
    expect(archives.map(({ change }) => change).sort()).toEqual([2, 3]);
  });

  test('stays in the usage of its day, by kind', async () => {
    const { db } = api.deps;
    await succeeded();
    await failed();
    await submit();
    const day = new Date().toISOString().slice(0, 10);
    const usage = () => readUsage(db, { from: day, to: day, by: 'day' });
    const before = await usage();
    expect(before).toEqual([
      { period: day, userName: 'someone', triggerType: 'generate', reserved: 3, spent: 1, returned: 1 },
    ]);
    expect(await deleteOldTasks(api.deps, daysLater(days + 1), always)).toBe(2);
    expect(await usage()).toEqual(before);
    // And again, onto what is kept of that day.
    await failed();
    expect(await deleteOldTasks(api.deps, daysLater(days + 1), always)).toBe(1);
    expect(await usage()).toEqual([{ ...before[0], reserved: 4, returned: 2 }]);
  });

  test('is gone however many there are, the oldest first, as far as there is time', async () => {
    const { db } = api.deps;
    const first = await succeeded();
    const [row] = await db.select().from(tasks);
    if (!row) throw new Error('the task is not there');
    const more = Array.from({ length: 250 }, (_, at) => ({
      ...row,
      resultMessageId: null,
      id: taskId(String(BigInt(first) + BigInt(at + 1))),
    }));
    await db.insert(tasks).values(more);
    let asked = 0;
    const oneBatch = () => asked++ === 0;
    expect(await deleteOldTasks(api.deps, daysLater(days + 1), oneBatch)).toBe(100);
    expect((await left())[0]).toBe(more[99]?.id);
    expect(await deleteOldTasks(api.deps, daysLater(days + 1), always)).toBe(151);
  });

  test('is deleted by itself, in the api', async () => {
    await succeeded();
    const reconciler = startReconciler({ ...api.deps, clock: () => daysLater(days + 1) }, 500);
    await eventually(async () => expect(await left()).toEqual([]));
    await reconciler.close();
  });
});

describe('with TASK_RETENTION_COUNT', () => {
  const keeping = (count: number) => ({
    ...api.deps,
    config: { ...api.deps.config, TASK_RETENTION_DAYS: 0, TASK_RETENTION_COUNT: count },
  });

  test('the oldest beyond it go, however they ended, and open ones stay and do not count', async () => {
    const open = await submit();
    const ended = [await succeeded(), await failed(), await succeeded(), await failed(), await succeeded()];
    const before = await tokens(client);
    expect(await deleteOldTasks(keeping(2), daysLater(2), always)).toBe(3);
    expect(await left()).toEqual([open, ...ended.slice(3)]);
    expect(await tokens(client)).toEqual(before);
    expect(await deleteOldTasks(keeping(2), daysLater(2), always)).toBe(0);
  });

  test('none goes within a day of its end', async () => {
    const ended = [await succeeded(), await succeeded()];
    expect(await deleteOldTasks(keeping(1), daysLater(0.9), always)).toBe(0);
    expect(await left()).toEqual(ended);
  });
});

describe('nothing is deleted', () => {
  const everything = async () => {
    const { db } = api.deps;
    return {
      tasks: await db.select().from(tasks).orderBy(asc(tasks.id)),
      ledger: await db.select().from(tokenLedger).orderBy(asc(tokenLedger.id)),
      notices: await db.select().from(notices).orderBy(asc(notices.taskId), asc(notices.version)),
      uploads: await db.select().from(uploads),
    };
  };

  test('of tasks that are open, or ended later, however old they are', async () => {
    const { db, pictures } = api.deps;
    const [waiting, drawing] = [await submit(), await submit()];
    await api.happen(drawing, ...sent());
    const late = await succeeded();
    const picture = await storePicture(late);
    await db
      .update(tasks)
      .set({ finishedAt: daysLater(5) })
      .where(eq(tasks.id, late));
    const before = await everything();
    expect(await deleteOldTasks(api.deps, daysLater(days + 1), always)).toBe(0);
    expect(await everything()).toEqual(before);
    expect(await left()).toEqual([waiting, drawing, late]);
    expect(await pictures?.store.find(picture)).toBeDefined();
  });

  test('of tasks whose notices are not all delivered', async () => {
    const notified = await succeeded(client, { notify_hook: 'https://hooks.example/' });
    const before = await everything();
    expect(before.notices.length).toBeGreaterThan(0);
    expect(await deleteOldTasks(api.deps, daysLater(days + 1), always)).toBe(0);
    expect(await everything()).toEqual(before);
    await api.deps.db
      .update(notices)
      .set({ state: 'dead', settledAt: new Date() })
      .where(inArray(notices.taskId, [notified]));
    expect(await deleteOldTasks(api.deps, daysLater(days + 1), always)).toBe(1);
  });

  test('without TASK_RETENTION_DAYS', async () => {
    await succeeded();
    const before = await everything();
    const config = { ...api.deps.config, TASK_RETENTION_DAYS: 0 };
    expect(await deleteOldTasks({ ...api.deps, config }, daysLater(36_500), always)).toBe(0);
    expect(await everything()).toEqual(before);
  });

  test('of a task whose picture cannot be removed now: it is tried again', async () => {
    const id = await succeeded();
    await storePicture(id);
    const { pictures: kept } = api.deps;
    const removeFolder = () => Promise.reject(new Error('the store is away'));
    const pictures = kept && { ...kept, store: { ...kept.store, removeFolder } };
    await expect(deleteOldTasks({ ...api.deps, pictures }, daysLater(days + 1), always)).rejects.toThrow(
      'away',
    );
    expect(await left()).toEqual([id]);
    expect(await deleteOldTasks(api.deps, daysLater(days + 1), always)).toBe(1);
  });
});

test('uploads go at the same age, and not before', async () => {
  const { db } = api.deps;
  const upload = {
    id: await submit(),
    userId: 1,
    account: 'default',
    uploadFilename: 'a.png',
    uploadUrl: 'https://slots.example/a.png',
    createdAt: new Date(),
  };
  await db.insert(uploads).values(upload);
  await deleteOldTasks(api.deps, daysLater(days - 1), always);
  expect(await db.select().from(uploads)).toHaveLength(1);
  await deleteOldTasks(api.deps, daysLater(days + 1), always);
  expect(await db.select().from(uploads)).toEqual([]);
});
