import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { download, sha256 } from './pictures.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

let system: System;
let client: Client;
let midjourney: SimulatorControl;
/** How many jobs Midjourney had when the test began. */
let former: number;

beforeAll(async () => {
  system = await startSystem({
    drawMs: 1_500,
    env: { ACCOUNT_LEASE_MS: '1200', EVIDENCE_WINDOW_MS: '1500' },
  });
  midjourney = new SimulatorControl(system.simulator.controlUrl);
});
beforeEach(async () => {
  client = await system.newUser(10);
  former = (await midjourney.jobs()).length;
});
afterAll(() => system.stop());

const jobs = async () => (await midjourney.jobs()).slice(former);

/** Kills the worker at once and starts another. */
async function replaceWorker() {
  await system.worker.kill('SIGKILL');
  await midjourney.clearFaults();
  system.worker = await system.start('worker');
}

async function expectDrawnOnce(task: TaskView) {
  expect(task).toMatchObject({ status: 'succeeded', token: 'spent' });
  const drawn = await jobs();
  expect(drawn.map(({ state }) => state)).toEqual(['done']);
  expect(sha256(await download(task))).toBe(drawn[0]?.imageSha256);
  expect(await client.tokenUse()).toBe(1);
}

describe('a worker killed', () => {
  it('before it has sent the task: another sends it', async () => {
    await midjourney.fault({
      kind: 'no_answer',
      match: { path: 'application-command-index' },
      afterEffect: false,
    });
    const id = await client.submit('/imagine', { prompt: 'before sending' });
    await until('the worker has begun', async () => (await midjourney.struck('no_answer')) > 0);
    await replaceWorker();
    await expectDrawnOnce(await client.ended(id));
  });

  it('after it wrote that it sends, before Discord got it: another sends it', async () => {
    await midjourney.fault({ kind: 'no_answer', match: { path: '/interactions' }, afterEffect: false });
    const id = await client.submit('/imagine', { prompt: 'about to send' });
    await until('the worker has sent', async () => (await midjourney.struck('no_answer')) > 0);
    await replaceWorker();
    await expectDrawnOnce(await client.ended(id));
  });

  it('between sending and knowing it: another finds it there', async () => {
    await midjourney.fault({ kind: 'no_answer', match: { path: '/interactions' }, afterEffect: true });
    const id = await client.submit('/imagine', { prompt: 'sent, not known' });
    await until('Midjourney has it', async () => (await jobs()).length > 0);
    await replaceWorker();
    await expectDrawnOnce(await client.ended(id));
  });

  it('while Midjourney draws: another follows it to the end', async () => {
    const id = await client.submit('/imagine', { prompt: 'while drawing' });
    await until('it is being drawn', async () => (await client.task(id)).status === 'running');
    await replaceWorker();
    await expectDrawnOnce(await client.ended(id));
  });

  it('while Midjourney finishes with nobody listening: another reads the history', async () => {
    const id = await client.submit('/imagine', { prompt: 'nobody listens' });
    await until('it is being drawn', async () => (await client.task(id)).status === 'running');
    await system.worker.kill('SIGKILL');
    await until('it is finished', async () => (await jobs())[0]?.state === 'done');
    system.worker = await system.start('worker');
    await expectDrawnOnce(await client.ended(id));
  });

  it('with the final event in hand: another delivers it', async () => {
    const id = await client.submit('/imagine', { prompt: 'in hand' });
    await until('it is being drawn', async () => (await client.task(id)).status === 'running');
    await system.api.kill('SIGKILL');
    await until('it is finished', async () => (await jobs())[0]?.state === 'done');
    await until('the worker cannot deliver it', async () => system.output().includes('result not delivered'));
    await system.worker.kill('SIGKILL');
    [system.api, system.worker] = await Promise.all([system.start('api'), system.start('worker')]);
    await expectDrawnOnce(await client.ended(id));
  });

  it('after the webhook: nothing happens again', async () => {
    const id = await client.submit('/imagine', { prompt: 'after the webhook' });
    const task = await client.ended(id);
    await replaceWorker();
    await expectDrawnOnce(task);
    // The next task goes through, and the first one stays as it was.
    await client.run('/imagine', { prompt: 'the next' });
    expect(await client.task(id)).toEqual(task);
    expect(await jobs()).toHaveLength(2);
  });

  it('while two buttons of one picture that read alike wait for each other: each gets its own', async () => {
    const grid = await client.run('/imagine', { prompt: 'two alike' });
    const [one, two] = await Promise.all(
      [1, 2].map((index) => client.submit('/variation', { trigger_id: grid.trigger_id, index })),
    );
    await until('one is being drawn', async () => {
      const tasks = await Promise.all([client.task(one ?? ''), client.task(two ?? '')]);
      return tasks.some(({ status }) => status === 'running');
    });
    await replaceWorker();
    const tasks = [await client.succeeded(one ?? ''), await client.succeeded(two ?? '')];
    const drawn = await jobs();
    expect(drawn.filter(({ kind }) => kind === 'variation')).toHaveLength(2);
    for (const task of tasks) {
      const job = drawn.find(({ id }) => id === task.msg_hash);
      expect(sha256(await download(task))).toBe(job?.imageSha256);
    }
    expect(new Set(tasks.map(({ msg_hash }) => msg_hash)).size).toBe(2);
  });
});

describe('a worker asked to stop', () => {
  it('hands its account and its running task over at once, and exits within ten seconds', async () => {
    const standby = await system.start('standby');
    const id = await client.submit('/imagine', { prompt: 'handed over' });
    await until('it is being drawn', async () => (await client.task(id)).status === 'running');
    const began = Date.now();
    await system.worker.kill('SIGTERM');
    expect(Date.now() - began).toBeLessThan(10_000);
    system.worker = standby;
    await expectDrawnOnce(await client.ended(id));
  });
});

describe('a worker frozen', () => {
  it('while Discord makes it wait with what it is about to send: when it wakes, it sends nothing of it', async () => {
    await system.start('standby');
    await midjourney.fault({
      kind: 'rate_limit',
      retryAfter: 3,
      global: false,
      times: 1,
      match: { path: '/interactions' },
    });
    const ids = await Promise.all(
      [1, 2, 3].map((i) => client.submit('/imagine', { prompt: `kept waiting ${i}` })),
    );
    await until('all are about to be sent', async () => {
      const sending = await system.db.query.tasks.findMany({
        where: ({ id, nonce }, { and, inArray, isNotNull }) =>
          and(inArray(id, ids.filter(isTaskId)), isNotNull(nonce)),
      });
      return sending.length === 3 && (await midjourney.struck('rate_limit')) > 0;
    });
    system.worker.pause();
    const tasks = await Promise.all(ids.map((id) => client.ended(id)));
    system.worker.resume();
    await until('it has noticed', async () =>
      system.output().includes('another worker has the account by now'),
    );
    // What it had to send goes to the other worker's account no more, however long one waits.
    await client.run('/imagine', { prompt: 'the next' });

    expect(tasks.map(({ status, fail_reason }) => fail_reason ?? status)).toEqual(Array(3).fill('succeeded'));
    for (const id of ids) expect(await midjourney.jobs(id)).toHaveLength(1);
  });
});
