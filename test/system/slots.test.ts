import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

const concurrency = 3;
let system: System;
let midjourney: SimulatorControl;
let client: Client;
let operator: Client;
beforeAll(async () => {
  system = await startSystem({ drawMs: 3_000, concurrency, env: { ACCOUNT_LEASE_MS: '1600' } });
  midjourney = new SimulatorControl(system.simulator.controlUrl);
  [client, operator] = await Promise.all([system.newUser(100), system.newUser(0, 'operator')]);
});
afterAll(() => system.stop());

const release = async (by: Client, triggerId: string) =>
  (await by.request('POST', '/queue/release', { trigger_id: triggerId })).body;
const openAtMost = async () => (await midjourney.accountStats())[0]?.maxOpen;

async function drawing(): Promise<string[]> {
  const submits = Array.from({ length: concurrency }, (_, at) =>
    client.submit('/imagine', { prompt: `a ${at}` }),
  );
  const ids = await Promise.all(submits);
  for (const id of ids) await until('it is drawn', async () => (await client.task(id)).status === 'running');
  return ids;
}

describe('the slots of an account', () => {
  it('stay taken by what an operator gave up until Midjourney has drawn it, and by a new worker too', async () => {
    const given = await drawing();
    const waiting = await Promise.all(
      Array.from({ length: concurrency + 1 }, (_, at) =>
        client.submit('/imagine', { prompt: `another ${at}` }),
      ),
    );
    for (const id of given) {
      expect(await release(operator, id)).toMatchObject({ status: 'failed', released: true });
      expect(await client.task(id)).toMatchObject({ fail_code: 'released', token: 'refunded' });
    }
    await system.worker.kill('SIGTERM');
    system.worker = await system.start('worker');
    for (const id of waiting) expect(await client.ended(id)).toMatchObject({ status: 'succeeded' });
    expect(await openAtMost()).toBe(concurrency);
    // The pictures came all the same, and are the operator's to see.
    for (const id of given) {
      await until('its picture is kept', async () => (await client.task(id)).late_result !== undefined);
      expect((await client.task(id)).late_result).toEqual({ available: true });
    }
  });

  it('stay taken by what is being drawn when the worker was killed and another begins', async () => {
    await midjourney.fault({ kind: 'slow', drawMs: 10_000, times: concurrency, match: { kind: 'imagine' } });
    const drawn = await drawing();
    const waiting = await Promise.all(
      Array.from({ length: concurrency }, (_, at) => client.submit('/imagine', { prompt: `then ${at}` })),
    );
    await system.worker.kill('SIGKILL');
    system.worker = await system.start('worker');
    for (const id of [...drawn, ...waiting])
      expect(await client.ended(id)).toMatchObject({ status: 'succeeded' });
    expect(await openAtMost()).toBe(concurrency);
  });

  it('are free at once when Midjourney stopped for the owner, who gets no picture for nothing', async () => {
    await midjourney.fault({ kind: 'slow', drawMs: 60_000, times: concurrency, match: { kind: 'imagine' } });
    const ids = await drawing();
    for (const id of ids) expect(await release(client, id)).toMatchObject({ released: false });
    for (const id of ids) {
      const task = await client.ended(id);
      expect(task).toMatchObject({ fail_code: 'cancelled', token: 'refunded' });
      expect(task.late_result).toBeUndefined();
    }
    // Long before Midjourney would have drawn those.
    const more = await drawing();
    for (const id of more) await client.ended(id);
    expect(await openAtMost()).toBe(concurrency);
  });
});
