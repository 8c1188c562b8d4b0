import { listDrift } from '@midjourney-api/shared/drift/drift-records';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { labelledSample } from '../../scripts/drift/labelled-sample.ts';
import type { Client } from './client.ts';
import { playSample, type Sample } from './sample-player.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

let system: System;
let client: Client;
let midjourney: SimulatorControl;

beforeAll(async () => {
  system = await startSystem({ env: { DISCORD_SESSION: 'user', DISCORD_BOT_TOKEN: '' } });
  client = await system.newUser();
  midjourney = new SimulatorControl(system.simulator.controlUrl);
});
afterAll(() => system.stop());

it('what Midjourney says for the first time is kept without a word of the client’s, and can be played as a sample', async () => {
  const refusal = { title: 'Moonbeam required', description: 'Not for "a violet fox" of yours.' };
  await midjourney.fault({
    kind: 'refuse',
    as: 'reply',
    ...refusal,
    times: 1,
    match: { promptContains: 'violet' },
  });
  const refused = await client.ended(await client.submit('/imagine', { prompt: 'a violet fox' }));
  expect(refused).toMatchObject({ fail_code: 'rejected', fail_reason: expect.stringContaining('Moonbeam') });
  const record = await until('it is recorded', async () => (await listDrift(system.db))[0]);
  expect(record).toMatchObject({ kind: 'titled embed', shape: 'Moonbeam required', count: 1 });
  const kept = JSON.stringify(record.sample);
  expect(kept).toContain('Moonbeam required');
  for (const word of ['violet', 'fox', refused.trigger_id, system.simulator.accounts[0]?.userId ?? ''])
    expect(kept).not.toContain(word);

  const sample = labelledSample(record, { task: 'refused', code: 'rejected', account: false });
  const played = await client.ended(await playSample(sample as unknown as Sample, client, midjourney));
  expect(played).toMatchObject({ fail_code: 'rejected', fail_reason: expect.stringContaining('Moonbeam') });
  await until('it is counted', async () => (await listDrift(system.db))[0]?.count === 2);
});
