import { connectDatabase, type DatabaseConnection } from '@midjourney-api/shared/database/connect';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { openQueues, type Queues } from '@midjourney-api/shared/queues/queues';
import { connectRedis } from '@midjourney-api/shared/redis';
import { createAcceptTask } from '@midjourney-api/shared/tasks/accept-task';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import { createTaskIds } from '@midjourney-api/shared/tasks/task-id';
import { createUser, getUser } from '@midjourney-api/shared/users/users';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createMigratedDatabase, type TestDatabase, testPrefix } from '../test/database.ts';
import { tasksProgram } from './tasks/program.ts';

let database: TestDatabase;
let connection: DatabaseConnection;
let queues: Queues;
let announced: string[];
let close: () => Promise<void>;
beforeAll(async () => {
  database = await createMigratedDatabase();
  connection = connectDatabase(database);
  const redis = connectRedis(inject('services').redisUrl, createLogger('test', 'silent'), { waiting: true });
  queues = openQueues(redis, testPrefix());
  announced = [];
  close = async () => {
    await queues.close();
    redis.disconnect();
    await connection.close();
    await database.drop();
  };
  for (const userName of ['alice', 'bob']) await createUser(connection.db, { userName, tokenTotal: 10 });
});
afterAll(() => close());

async function run(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const program = tasksProgram({
    withDatabase: (command) => command(connection.db),
    withSchedule: (use) => use({ queues, changes: { announce: ({ id }) => void announced.push(id) } }),
    print: (text) => printed.push(text),
    actor: 'shell:ops',
  });
  await program.parseAsync(args, { from: 'user' });
  return printed.join('');
}
const json = async (...args: string[]) => JSON.parse(await run('--json', ...args));

const newTaskId = createTaskIds();
async function submit(userName: string, different: Partial<Task> = {}): Promise<string> {
  const { id: userId } = await getUser(connection.db, userName);
  const created = { ...aTask(different), id: newTaskId(), userId, createdAt: new Date() };
  const task = await createAcceptTask(connection.db)(created);
  await queues.addTasks([{ ...task, userName }]);
  return task.id;
}
const waiting = () => queues.drawings.getPrioritizedCount();

it('shows a task, whosever it is', async () => {
  const id = await submit('alice', { prompt: 'a lighthouse', requestId: 'r-1' });
  expect(await json('show', id)).toMatchObject({
    trigger_id: id,
    user: 'alice',
    request_id: 'r-1',
    attempts: 0,
  });
  expect(await run('show', id)).toMatch(/^prompt +a lighthouse$/m);
  await expect(run('show', '1234567890')).rejects.toThrow('There is no task 1234567890.');
  await expect(run('show', 'x')).rejects.toThrow('"x" is no task id.');
});

it('lists tasks by user and by what is known of them', async () => {
  const id = await submit('bob', { prompt: 'a blue whale' });
  expect(
    (await json('list', '--user', 'bob')).map(({ trigger_id }: { trigger_id: string }) => trigger_id),
  ).toEqual([id]);
  expect(await json('list', '--q', 'blue')).toMatchObject([{ user: 'bob', status: 'queued' }]);
  expect(await run('list', '--fail-code', 'timeout')).toBe('There is no such task.\n');
});

it('releases tasks by id, once, and notes who did', async () => {
  const id = await submit('alice');
  const jobs = await waiting();
  expect(await json('release', id)).toEqual([{ trigger_id: id, status: 'failed', released: true }]);
  expect(await json('release', id)).toEqual([{ trigger_id: id, status: 'failed', released: false }]);
  expect(await json('release', '1234567890')).toEqual([
    { trigger_id: '1234567890', status: 'unknown', released: false },
  ]);
  expect(announced).toEqual([id]);
  expect(await waiting()).toBe(jobs - 1);
  const [rows] = await connection.pool.query('SELECT actor, action FROM audit WHERE target = ?', [id]);
  expect(rows).toEqual([{ actor: 'shell:ops', action: 'tasks.release' }]);
});

it('releases what a user has waiting, and leaves what was sent and what others have', async () => {
  const { db, pool } = connection;
  const [queued, sent, other] = [await submit('alice'), await submit('alice'), await submit('bob')];
  await pool.query("UPDATE tasks SET nonce = '1', status = 'running' WHERE id = ?", [sent]);
  await run('release', '--user', 'alice', '--queued');
  expect(await json('show', queued)).toMatchObject({
    status: 'failed',
    fail_code: 'released',
    token: 'refunded',
  });
  expect(await json('show', sent)).toMatchObject({ status: 'running' });
  expect(await json('show', other)).toMatchObject({ status: 'queued' });
  expect((await getUser(db, 'alice')).tokenUse).toBe(1);
  await run('release', '--user', 'alice');
  expect((await getUser(db, 'alice')).tokenUse).toBe(0);
  expect(await run('release', '--user', 'alice')).toBe('There is nothing to release.\n');
  await expect(run('release')).rejects.toThrow('Name the tasks to release, or a user with --user.');
});
