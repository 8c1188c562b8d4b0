import { setTimeout as delay } from 'node:timers/promises';
import { listAccounts } from '@midjourney-api/shared/accounts/accounts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { download, sha256 } from './pictures.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

let system: System;
let client: Client;
let midjourney: SimulatorControl;

beforeEach(async () => {
  system = await startSystem({
    ownServices: true,
    drawMs: 3_000,
    imageSize: 64,
    env: {
      EVIDENCE_WINDOW_MS: '3000',
      START_DEADLINE_MS: '8000',
      // The lease ends before its renewal is given up, as by default.
      ACCOUNT_LEASE_MS: '4000',
      DB_TIMEOUT_MS: '4000',
    },
  });
  client = await system.newUser(20);
  midjourney = new SimulatorControl(system.simulator.controlUrl);
});
afterEach(() => system.stop());

/**
 * Stops MySQL in its tracks until the worker has tried in vain to hold its lease for longer. When MySQL continues, the
 * account is nobody's for up to a quarter of the lease, while all that waited for MySQL continues at once.
 */
async function freezeMySql(): Promise<void> {
  const pid = system.services?.mysql.pid;
  if (pid === undefined) throw new Error('MySQL does not run.');
  const renewals = () => system.output().split('query: insert into `workers`').length;
  const before = renewals();
  process.kill(pid, 'SIGSTOP');
  await until('a renewal of the lease had no answer', async () => renewals() > before);
  process.kill(pid, 'SIGCONT');
}

it('MySQL frozen while four buttons of one picture that read alike wait for each other: each gets its own', async () => {
  const grid = await client.run('/imagine', { prompt: 'four alike' });
  const ids = await Promise.all(
    [1, 2, 3, 4].map((index) => client.submit('/variation', { trigger_id: grid.trigger_id, index })),
  );
  await until('Midjourney has one', async () => (await midjourney.jobs()).length > 1);
  await freezeMySql();
  const tasks = await Promise.all(ids.map((id) => client.ended(id, 120_000)));

  expect(tasks.map(({ status, fail_reason }) => fail_reason ?? status)).toEqual(Array(4).fill('succeeded'));
  const drawn = (await midjourney.jobs()).filter(({ kind }) => kind === 'variation');
  expect(drawn).toHaveLength(4);
  for (const task of tasks) {
    const job = drawn.find(({ id }) => id === task.msg_hash);
    expect(job).toMatchObject({ index: task.index, parentMessageId: grid.msg_id });
    expect(sha256(await download(task))).toBe(job?.imageSha256);
  }
  expect((await listAccounts(system.db)).map(({ state }) => state)).toEqual(['ready']);
}, 180_000);

it('a lease that cannot be renewed while more wait than the account may have at Midjourney: it never has more', async () => {
  const grids = await Promise.all([1, 2].map((at) => client.run('/imagine', { prompt: `grid ${at}` })));
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const locking = system.db.transaction(async (tx) => {
    await tx.execute('select id from workers for update');
    await released;
  });
  await until('the lease has ended', async () => {
    const [ended] = await system.db.execute('select name from accounts where lease_until < utc_timestamp(3)');
    return Array.isArray(ended) && ended.length > 0;
  });
  const ids = await Promise.all(
    grids.flatMap(({ trigger_id }) => [
      client.submit('/reset', { trigger_id }),
      ...[1, 2, 3, 4].map((index) => client.submit('/upscale', { trigger_id, index })),
    ]),
  );
  // Nothing may happen now, so there is no event to wait for.
  await delay(2_000);
  expect(await midjourney.jobs()).toHaveLength(2);
  release();
  await locking;
  const tasks = await Promise.all(ids.map((id) => client.ended(id, 120_000)));

  expect(tasks.map(({ status, fail_reason }) => fail_reason ?? status)).toEqual(Array(10).fill('succeeded'));
  expect(await midjourney.jobs()).toHaveLength(12);
  const [{ maxOpen, concurrency } = { maxOpen: 0, concurrency: 0 }] = await midjourney.accountStats();
  expect(maxOpen).toBeLessThanOrEqual(concurrency);
}, 180_000);
