import { changeAccount, listAccounts } from '@midjourney-api/shared/accounts/accounts';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
const account = async () => (await listAccounts(system.db))[0];
const givenAway = () =>
  until('the account is given away', async () => (await account())?.driver === null, 20_000);

async function slowDrawing(drawMs: number): Promise<string> {
  const prompt = `slow for ${drawMs}`;
  await midjourney.fault({ kind: 'slow', drawMs, match: { promptContains: prompt } });
  const id = await client.submit('/imagine', { prompt });
  await until('it is being drawn', async () => (await client.task(id)).status === 'running');
  return id;
}

it('follows what it draws to its end, takes nothing new, and is given away', async () => {
  const grid = await client.run('/imagine', { prompt: 'before' });
  const drawn = await slowDrawing(3_000);
  await midjourney.fault({ kind: 'slow', drawMs: 8_000, match: { kind: 'variation' } });
  const press = (index: number) => client.submit('/variation', { trigger_id: grid.trigger_id, index });
  // The second waits behind the first, whose messages read alike.
  const [running, behind] = [await press(1), await press(2)];
  await until('the first is being drawn', async () => (await client.task(running)).status !== 'queued');
  await setEnabled(false);
  const waiting = await client.submit('/imagine', { prompt: 'after' });

  await client.succeeded(drawn);
  await client.succeeded(running);
  await givenAway();
  for (const id of [behind, waiting]) expect(await client.task(id)).toMatchObject({ status: 'queued' });
  expect(await midjourney.jobs('after')).toEqual([]);

  await setEnabled(true);
  for (const id of [behind, waiting]) await client.succeeded(id);
}, 60_000);

it('is followed by another worker when its own dies', async () => {
  const drawn = await slowDrawing(5_000);
  await setEnabled(false);
  const standby = await system.start('standby');
  await system.worker.kill('SIGKILL');
  await client.succeeded(drawn);
  await givenAway();
  await standby.kill('SIGTERM');
}, 60_000);
