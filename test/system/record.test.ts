import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type System, startSystem } from './system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem({ drawMs: 300 });
});
afterAll(() => system.stop());

it('npm run record listens beside the worker, whose task is drawn meanwhile', async () => {
  const client = await system.newUser(1_000);
  const out = path.join(system.dataDir, 'recording.jsonl');
  const recording = system.command('record', ['--account', 'default', '--minutes', '0.1', '--out', out]);
  let isOver = false;
  recording.finally(() => {
    isOver = true;
  });
  // It takes a while to begin: something is drawn until it has ended.
  while (!isOver) await client.run('/imagine', { prompt: 'a zeppelin over Quuxville' });
  expect(await recording).toMatchObject({ status: 0, stderr: '' });
  const text = readFileSync(out, 'utf8');
  expect(text).toContain('"t":"MESSAGE_CREATE"');
  for (const secret of ['uuxville', ...Object.values(system.simulator.accounts[0] ?? {})])
    if (String(secret).length > 5) expect(text).not.toContain(secret);

  const unknown = await system.command('record', ['--account', 'nobody']);
  expect(unknown).toMatchObject({ status: 1, stderr: expect.stringContaining('no account "nobody"') });
}, 120_000);
