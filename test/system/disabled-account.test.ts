import { changeAccount } from '@midjourney-api/shared/accounts/accounts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startStallingProxy } from '../stalling-proxy.ts';
import { shownAccount } from './account.ts';
import type { Client } from './client.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

/** An account that an operator disables while it draws. */

let system: System;
let client: Client;
let midjourney: SimulatorControl;

beforeAll(async () => {
  system = await startSystem({ drawMs: 300, imageSize: 64, env: { ACCOUNT_LEASE_MS: '1600' } });
  client = await system.newUser();
  midjourney = new SimulatorControl(system.simulator.controlUrl);
});
afterAll(() => system.stop());

const setEnabled = (enabled: boolean) => changeAccount(system.db, 'default', { enabled });
const account = () => shownAccount(system);
const givenAway = () =>
  until('the account has no worker', async () => (await account())?.driver === null, 20_000);

async function slowDrawing(drawMs: number): Promise<string> {
  const prompt = `slow for ${drawMs}`;
  await midjourney.fault({ kind: 'slow', drawMs, match: { promptContains: prompt } });
  const id = await client.submit('/imagine', { prompt });
  await until('it is being drawn', async () => (await client.task(id)).status === 'running');
  return id;
}

it('follows what it draws to its end, takes nothing new, and is given up by its worker', async () => {
  const grid = await client.run('/imagine', { prompt: 'before' });
  const drawn = await slowDrawing(3_000);
  await midjourney.fault({ kind: 'slow', drawMs: 8_000, times: 1, match: { kind: 'variation' } });
  const press = (index: number) => client.submit('/variation', { trigger_id: grid.trigger_id, index });
  // The second waits behind the first, whose messages read alike.
  const [running, behind] = [await press(1), await press(2)];
  const reason = async (id: string) => (await client.task(id)).queue?.reason;
  await until('the second says why it waits', async () => (await reason(behind))?.includes('read like'));
  await setEnabled(false);
  await until('its worker knows', async () => system.output().includes('takes no new tasks'));
  const waiting = await client.submit('/imagine', { prompt: 'after' });

  await client.succeeded(drawn);
  await client.succeeded(running);
  await givenAway();
  for (const id of [behind, waiting]) {
    const { status, queue } = await client.task(id);
    expect(status).toBe('queued');
    expect(queue).toEqual({ position: 1, reason: expect.stringContaining('is disabled') });
  }
  expect(await midjourney.jobs('after')).toEqual([]);
  const body = { trigger_id: grid.trigger_id, index: 1 };
  const refused = await client.request<{ detail: string }>('POST', '/upscale', body);
  expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('is disabled') } });

  await setEnabled(true);
  for (const id of [behind, waiting]) expect((await client.succeeded(id)).queue).toBeUndefined();
});

it('is followed by another worker when its own dies', async () => {
  const drawn = await slowDrawing(5_000);
  await setEnabled(false);
  const standby = await system.start('standby');
  await system.worker.kill('SIGKILL');
  await client.succeeded(drawn);
  await givenAway();
  await standby.kill('SIGTERM');
});

it('is given up while Redis cannot be reached, so that another worker can take it', async () => {
  const redis = new URL(system.redisUrl);
  const network = await startStallingProxy(Number(redis.port));
  redis.port = String(network.port);
  await setEnabled(true);
  await system.worker.kill('SIGTERM');
  system.worker = await system.start('worker', { REDIS_URL: redis.href });
  await client.run('/imagine', { prompt: 'through the network' });
  network.cut();
  await setEnabled(false);
  await givenAway();
  network.resume();

  await setEnabled(true);
  await client.run('/imagine', { prompt: 'Redis is back' });
  await network.close();
});
