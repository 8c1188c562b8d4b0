import { afterAll, beforeAll, expect, it } from 'vitest';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

/** Samples whose name and labels hold all the words. */
async function scrape(...words: string[]): Promise<string[]> {
  const text = await (await fetch(`${system.apiUrl}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#') && words.every((word) => line.includes(word)));
}

it('an api shows what its workers do, without ids, tokens or prompts', async () => {
  const client = await system.newUser(5);
  const prompt = 'a prompt that nobody else has';
  const task = await client.run('/imagine', { prompt });
  const midjourney = new SimulatorControl(system.simulator.controlUrl);
  expect(await midjourney.jobs()).toHaveLength(1);

  const [waited] = await until('the worker has reported it', async () => {
    const found = await scrape(
      'midjourney_task_waiting_seconds_count',
      'trigger_type="generate"',
      'worker="',
    );
    return found.length > 0 && found;
  });
  expect(waited).toMatch(/ 1$/);
  expect(await scrape('discord_request_seconds_count', '"POST"', '"/interactions"', '"204"')).toHaveLength(1);
  expect(
    await scrape('discord_request_seconds_count', '"/channels/:id/messages"', 'status="200"'),
  ).toHaveLength(1);
  expect(await scrape('result_deliveries_total', 'type="end"', 'outcome="delivered"')).toHaveLength(1);
  expect(await scrape('midjourney_task_drawing_seconds_count', '"generate"')).toHaveLength(1);
  expect(await scrape('midjourney_account_state', '"ready"')).toEqual([expect.stringMatching(/ 1$/)]);
  expect(await scrape('midjourney_account_driven')).toEqual([expect.stringMatching(/ 1$/)]);
  expect(await scrape('midjourney_workers')).toEqual(['midjourney_workers 1']);
  expect(await scrape('process_resident_memory_bytes')).toHaveLength(2);

  const all = (await scrape('')).join('\n');
  for (const secret of [task.trigger_id, task.msg_id ?? '', prompt, client.appKey]) {
    expect(all).not.toContain(secret);
  }
});

it('keeps working when a worker is gone, and forgets it within 15 seconds', async () => {
  await system.worker.kill('SIGKILL');
  await until(
    'the worker is forgotten',
    async () => (await scrape('midjourney_workers 0')).length > 0,
    20_000,
  );
  expect(await scrape('worker="')).toEqual([]);
  expect((await scrape('midjourney_submits_total')).length).toBeGreaterThan(0);
});
