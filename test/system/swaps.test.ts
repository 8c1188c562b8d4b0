import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { download, pictureOf, sha256 } from './pictures.ts';
import { type DrawnJob, SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

/**
 * Blends and shortenings have no marker of their own: nothing in Midjourney's message says whose it is. Here two
 * customers use the same account, and the channel's history is read again at the worst moment.
 */

let system: System;
let first: Client;
let second: Client;
let midjourney: SimulatorControl;
/** How many jobs Midjourney had when the test began. */
let former: number;
/** The task that is drawn all the while. */
let lasting: string;

beforeAll(async () => {
  system = await startSystem({
    drawMs: 1_800,
    env: {
      // Longer than what is locked here.
      ACCOUNT_LEASE_MS: '8000',
      EVIDENCE_WINDOW_MS: '1500',
      START_DEADLINE_MS: '2500',
      PROGRESS_DEADLINE_MS: '4000',
    },
  });
  midjourney = new SimulatorControl(system.simulator.controlUrl);
  // As long as its progress comes within the deadline.
  await midjourney.fault({ kind: 'slow', drawMs: 20_000, match: { promptContains: 'a long one' } });
});
beforeEach(async () => {
  [first, second] = [await system.newUser(10), await system.newUser(10)];
  former = (await midjourney.jobs()).length;
  lasting = await drawForLong();
});
afterEach(async () => {
  await first.request('POST', '/cancel', { trigger_id: lasting });
  await first.ended(lasting);
});
afterAll(() => system.stop());

const kinds = ['shorten', 'blend'] as const;
type Kind = (typeof kinds)[number];

/** A task of each customer that no other one's result would fit. */
const submit: Record<Kind, (client: Client) => Promise<string>> = {
  shorten: (client) =>
    client.submit('/shorten', {
      prompt: `a picture of ${client === first ? 'mountains in the morning' : 'waterfalls at night'}`,
    }),
  blend: async (client) => {
    const form = new FormData();
    for (const color of client === first ? ['red', 'blue'] : ['green', 'gold'])
      form.append('images', await pictureOf(color), 'a.png');
    return client.submit('/blend', form);
  },
};

/** What is being drawn all the while makes each reading of the history begin before everything else. */
async function drawForLong(): Promise<string> {
  const id = await first.submit('/imagine', { prompt: 'a long one' });
  await until('it is being drawn', async () => (await first.task(id)).status === 'running');
  return id;
}

const jobsOf = async (kind: Kind) =>
  (await midjourney.jobs()).slice(former).filter((job) => job.kind === kind);

async function expectResultOf(job: DrawnJob | undefined, task: TaskView): Promise<void> {
  expect(task).toMatchObject({ status: 'succeeded', token: 'spent' });
  expect(job, `the job of task ${task.trigger_id}`).toMatchObject({ state: 'done' });
  if (job?.kind === 'shorten') expect(task.texts).toEqual(job.texts);
  else expect([task.msg_hash, sha256(await download(task))]).toEqual([job?.id, job?.imageSha256]);
}

/** Keeps a task's row locked, as a slow MySQL does. @returns how to release it, once it is locked. */
async function lockTask(id: string): Promise<() => Promise<void>> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let over: Promise<void> = Promise.resolve();
  await new Promise<void>((locked, failed) => {
    over = system.db.transaction(async (tx) => {
      await tx.execute(`select id from tasks where id = ${id} for update`);
      locked();
      await released;
    });
    over.catch(failed);
  });
  return () => {
    release();
    return over;
  };
}

async function untilAChangeWaitsForTheLock(): Promise<void> {
  await until('a change of the task waits for its row', async () => {
    const [waiting] = await system.db.execute(
      `select id from information_schema.processlist
       where db = database() and time >= 1 and info like 'update%tasks%'`,
    );
    return Array.isArray(waiting) && waiting.length > 0;
  });
}

async function readHistoryAgain(): Promise<void> {
  const timesReady = () => system.output().split('"state":"ready"').length;
  const before = timesReady();
  await midjourney.dropGateway({ resumable: false });
  await until('the account has a new session', async () => timesReady() > before);
}

describe('the history read again while a task is about to be sent', () => {
  it.each(kinds)('%s: it does not take the result of the one before it', async (kind) => {
    const ids = [await submit[kind](first), await submit[kind](second)] as const;
    const release = await lockTask(ids[1]);
    const a = await first.succeeded(ids[0]);
    await untilAChangeWaitsForTheLock();
    await readHistoryAgain();
    await release();
    const b = await second.ended(ids[1]);

    const jobs = await jobsOf(kind);
    await expectResultOf(jobs[0], a);
    await expectResultOf(jobs[1], b);
    expect(jobs).toHaveLength(2);
  });

  it.each(kinds)('%s: an older result is no proof that it arrived', async (kind) => {
    const ids = [await submit[kind](first), await submit[kind](second)] as const;
    const release = await lockTask(ids[1]);
    await first.succeeded(ids[0]);
    await untilAChangeWaitsForTheLock();
    await readHistoryAgain();
    await midjourney.fault({ kind: 'reset_before', times: 1, match: { path: '/interactions' } });
    await release();
    const b = await second.ended(ids[1]);

    const jobs = await jobsOf(kind);
    expect(jobs).toHaveLength(2);
    await expectResultOf(jobs[1], b);
  });
});

describe('a worker started again after a task was given up', () => {
  it.each([
    ['shorten', 'never_start', 'not_started'],
    ['blend', 'stall_midway', 'timeout'],
  ] as const)(
    "%s: it does not take the next one's result as its late one",
    async (kind, fault, failCode) => {
      await midjourney.fault({ kind: fault, times: 1, match: { kind } });
      const ids = [await submit[kind](first), await submit[kind](second)] as const;
      const a = await first.ended(ids[0]);
      expect(a).toMatchObject({ status: 'failed', fail_code: failCode });
      const b = await second.succeeded(ids[1]);
      await expectResultOf((await jobsOf(kind))[1], b);

      await system.worker.kill('SIGTERM');
      system.worker = await system.start('worker');
      // What the history holds has been read when this has been drawn.
      await second.run('/imagine', { prompt: 'the next' });
      expect(await first.task(ids[0])).toEqual(a);
    },
    60_000,
  );
});
