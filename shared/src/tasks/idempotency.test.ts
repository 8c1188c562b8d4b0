import { afterAll, beforeAll, expect, it } from 'vitest';
import { createProductDatabase } from '../../../test/product-database.ts';
import type { DatabaseConnection } from '../database/connect.ts';
import { tasks, uploads } from '../database/schema.ts';
import { createUser } from '../users/users.ts';
import {
  findFirstSubmit,
  findFirstUpload,
  type RepeatableRequest,
  repeatableRequest,
  storeIdempotencyKeys,
} from './idempotency.ts';
import { aTask } from './task.fixture.ts';
import { createTaskIds, type TaskId } from './task-id.ts';

let database: DatabaseConnection;
let someone: number;
let another: number;
const nextId = createTaskIds();
const now = new Date('2026-01-02T03:04:05.678Z');

beforeAll(async () => {
  database = await createProductDatabase();
  const newUser = async (userName: string) =>
    (await createUser(database.db, { userName, tokenTotal: 5 })).user.id;
  [someone, another] = [await newUser('someone'), await newUser('another')];
});
afterAll(() => database.close());

async function storeKey(request: RepeatableRequest, taskId: TaskId) {
  await database.db.transaction((tx) => storeIdempotencyKeys(tx, [{ ...request, taskId, createdAt: now }]));
}
async function storeUpload(userId: number, id: TaskId) {
  const file = { account: 'default', uploadFilename: `0b9c/${id}.png`, uploadUrl: 'https://slots.example/1' };
  await database.db.insert(uploads).values({ ...file, id, userId, createdAt: now });
}

// Tasks and uploads have keys of their own: two processes may make the same id for one of each.
it("an upload's key never finds another user's task that has the same id", async () => {
  const id = nextId();
  await database.db.insert(tasks).values({ ...aTask(), id, userId: another });
  await storeUpload(someone, id);
  const request = repeatableRequest(someone, 'holiday', '/upload');
  await storeKey(request, id);
  expect(await findFirstSubmit(database.db, request, now)).toBeUndefined();
  expect(await findFirstUpload(database.db, request, now)).toMatchObject({
    upload: { id, userId: someone },
    sameRequest: true,
  });
});

it("a task's key never finds another user's upload that has the same id", async () => {
  const id = nextId();
  await database.db.insert(tasks).values({ ...aTask(), id, userId: someone });
  await storeUpload(another, id);
  const request = repeatableRequest(someone, 'order 1', '/imagine');
  await storeKey(request, id);
  expect(await findFirstUpload(database.db, request, now)).toBeUndefined();
  expect(await findFirstSubmit(database.db, request, now)).toMatchObject({
    task: { id, userId: someone },
    sameRequest: true,
  });
});
