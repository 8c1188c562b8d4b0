import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { createProductDatabase } from '../../../test/product-database.ts';
import { holdDefaultAccount } from '../accounts/account.fixture.ts';
import type { DatabaseConnection } from '../database/connect.ts';
import { notices } from '../database/schema.ts';
import type { NoticeJob } from '../queues/catalogue.ts';
import type { Queues } from '../queues/queues.ts';
import { createAcceptTask } from '../tasks/accept-task.ts';
import { changeTask } from '../tasks/change-task.ts';
import { findTask } from '../tasks/find-tasks.ts';
import { aTask } from '../tasks/task.fixture.ts';
import type { Task } from '../tasks/task.ts';
import { createTaskIds, type TaskId } from '../tasks/task-id.ts';
import type { TaskEvent } from '../tasks/transition.ts';
import { mjTaskSchema } from '../tasks/views/mj-task-schema.ts';
import { viewMjTask } from '../tasks/views/mj-task-view.ts';
import { taskSchema } from '../tasks/views/task-schema.ts';
import { viewTask } from '../tasks/views/task-view.ts';
import { createUser } from '../users/users.ts';
import { noticeSchema } from './notice-body.ts';
import { scheduleNextNotice } from './notices.ts';

let database: DatabaseConnection;
let userId: number;
const nextId = createTaskIds();

beforeAll(async () => {
  database = await createProductDatabase();
  await holdDefaultAccount(database.db);
  userId = (await createUser(database.db, { userName: 'someone', tokenTotal: 1_000 })).user.id;
});
afterAll(() => database.close());

const accept = async (different: Partial<Task> = {}) =>
  (
    await createAcceptTask(database.db)({
      ...aTask({ createdAt: new Date(), ...different }),
      id: nextId(),
      userId,
      notifyHook: 'https://hooks.example/',
      prompt: '🐈 "cat"',
    })
  ).id;
const rows = (id: TaskId) =>
  database.db.select().from(notices).where(eq(notices.taskId, id)).orderBy(notices.version);
const sending: TaskEvent = {
  type: 'sending',
  account: 'default',
  fence: 1,
  nonce: '1',
  formerNonce: null,
  sentAfterMessageId: '0',
  exclusiveKey: null,
};
const changes = { announce: () => {} };
const taskEnded = () => {};

/** A Redis that is away for good, as a worker's connection has it: nothing fails, nothing comes back. */
const away: Pick<Queues, 'addNotice'> = { addNotice: () => new Promise(() => {}) };
const change = (id: TaskId, event: TaskEvent, queues = away) =>
  changeTask({ db: database.db, changes, queues, taskEnded }, id, event);

describe('a notice', () => {
  it('is kept with the change itself, as the task was then, however Redis is', async () => {
    const id = await accept();
    await change(id, sending);
    const submitted = await change(id, { type: 'submitted' });
    await change(id, { type: 'failed', code: 'timeout', reason: 'too slow' });
    const kept = await rows(id);
    expect(kept.map(({ version, state, attempts }) => [version, state, attempts])).toEqual([
      [3, 'waiting', 0],
      [4, 'waiting', 0],
    ]);
    const [first] = kept.map(({ body }) => JSON.parse(body));
    expect(first).toEqual({
      type: 'task.submitted',
      timestamp: submitted?.task.submittedAt?.toISOString(),
      data: submitted && JSON.parse(JSON.stringify(viewTask(submitted.task))),
    });
  });

  it('is what the schema says, of a task that goes back to its queue too', async () => {
    const id = await accept();
    await change(id, sending);
    await change(id, { type: 'submitted' });
    await change(id, { type: 'not_sent', nonce: '1' });
    await change(id, sending);
    const retryAt = new Date('2026-01-02T03:04:05.678Z');
    await change(id, { type: 'postponed', nonce: '1', reason: 'Queue full', retryAt });
    const bodies = (await rows(id)).map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ type }) => type)).toEqual(['task.submitted', 'task.queued', 'task.queued']);
    const { queue, retry_at } = bodies[2].data;
    expect([queue, retry_at]).toEqual([{ position: 1, reason: 'Queue full' }, retryAt.toISOString()]);
    const schema = noticeSchema.extend({ data: taskSchema.strict() }).strict();
    for (const body of bodies) expect(schema.parse(body)).toEqual(body);
  });

  it('is kept or the change is not made', async () => {
    const id = await accept();
    const taken = { taskId: id, version: 2, userId, body: '{}', createdAt: new Date() };
    await database.db.insert(notices).values(taken);
    await expect(change(id, { type: 'failed', code: 'stopped', reason: 'no' })).rejects.toThrow();
    expect(await findTask(database.db, id)).toMatchObject({ status: 'queued', version: 1 });
    await database.db.delete(notices).where(eq(notices.taskId, id));
    await change(id, { type: 'failed', code: 'stopped', reason: 'no' });
    expect((await rows(id)).map(({ version }) => version)).toEqual([2]);
  });

  it('gets a job for the oldest that waits, and for no other', async () => {
    const added: NoticeJob[] = [];
    const queues = {
      addNotice: (notice: NoticeJob) => {
        added.push(notice);
        return Promise.reject(new Error('Redis is away'));
      },
    };
    const id = await accept();
    await change(id, sending, queues);
    await change(id, { type: 'submitted' }, queues);
    await eventually(() => expect(added).toHaveLength(1));
    await change(id, { type: 'started', progressMessageId: '5' }, queues);
    await eventually(() => expect(added).toHaveLength(2));
    expect(added).toEqual(Array(2).fill({ taskId: id, version: 3, userId }));

    await database.db.update(notices).set({ state: 'delivered' }).where(eq(notices.version, 3));
    await expect(scheduleNextNotice(database.db, queues, id)).rejects.toThrow('Redis is away');
    expect(added.at(-1)).toEqual({ taskId: id, version: 4, userId });
    await database.db.update(notices).set({ state: 'dead' }).where(eq(notices.version, 4));
    expect(await scheduleNextNotice(database.db, queues, id)).toBeUndefined();
  });
});

describe('a notice in the mj-proxy dialect', () => {
  const story = async (...events: TaskEvent[]) => {
    const id = await accept({ hookDialect: 'mj', state: 'room:user' });
    for (const event of events) await change(id, event);
    const task = await findTask(database.db, id);
    return { task, bodies: (await rows(id)).map(({ body }) => JSON.parse(body)) };
  };
  const drawn: TaskEvent[] = [
    sending,
    { type: 'submitted' },
    { type: 'started', progressMessageId: '5' },
    { type: 'progressed', progressMessageId: '5', progress: 46, previewUrl: 'https://cdn.example/46.webp' },
  ];

  it('is the task itself, with nothing around it', async () => {
    const { task, bodies } = await story(...drawn, { type: 'failed', code: 'timeout', reason: 'too slow' });
    for (const body of bodies) expect(mjTaskSchema.strict().parse(body)).toEqual(body);
    expect(bodies.at(-1)).toEqual(task && viewMjTask(task));
    expect(bodies.at(-1)).toMatchObject({
      id: task?.id,
      state: 'room:user',
      properties: { notifyHook: 'https://hooks.example/' },
    });
  });

  it('comes at each change of status or progress from when the task is sent, the end last', async () => {
    const { bodies } = await story(
      { type: 'waiting', reason: 'Others are before it.' },
      ...drawn,
      { type: 'failed', code: 'timeout', reason: 'too slow' },
      { type: 'job_ended' },
    );
    expect(bodies.map(({ status, progress }) => [status, progress])).toEqual([
      ['SUBMITTED', '0%'],
      ['IN_PROGRESS', '1%'],
      ['IN_PROGRESS', '46%'],
      ['FAILURE', ''],
    ]);
  });

  it('does not come when the task goes back to its queue', async () => {
    const retryAt = new Date('2026-01-02T03:04:05.678Z');
    const { bodies } = await story(
      sending,
      { type: 'submitted' },
      { type: 'postponed', nonce: '1', reason: 'Queue full', retryAt },
      sending,
      { type: 'submitted' },
    );
    expect(bodies.map(({ status }) => status)).toEqual(['SUBMITTED', 'SUBMITTED']);
  });
});
