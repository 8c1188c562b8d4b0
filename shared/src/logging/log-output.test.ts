import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countLostLines, openLogOutput } from './log-output.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'log-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('lines are written in their order', async () => {
  const file = path.join(folder, 'log');
  const fd = openSync(file, 'a');
  const output = openLogOutput(fd);
  const lines = Array.from({ length: 500 }, (_, at) => `${at} ${'x'.repeat(at)}\n`);
  for (const line of lines) output.write(line);
  await expect.poll(() => readFileSync(file, 'utf8')).toBe(lines.join(''));
  expect(output.state()).toEqual({ lostLines: 0, failing: undefined });
  closeSync(fd);
});

test('what a full disk does not take waits, and beyond a limit is lost and counted', async () => {
  const fd = openSync('/dev/full', 'w');
  const output = openLogOutput(fd, 1_000);
  const registry = new Registry();
  countLostLines(registry, output);
  output.write('first\n');
  await expect.poll(() => output.state().failing).toBe('ENOSPC');
  for (let i = 0; i < 100; i++) output.write(`${'x'.repeat(99)}\n`);
  expect(output.state()).toEqual({ lostLines: 90, failing: 'ENOSPC' });
  expect(await registry.metrics()).toContain('midjourney_log_lines_lost_total 90');
});
