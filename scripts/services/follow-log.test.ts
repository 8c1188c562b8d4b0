import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import { followLog } from './follow-log.ts';
import { readLogLine } from './log-file.ts';

test('passes on complete lines that are added, also after the log was emptied', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'log-'));
  const file = path.join(folder, 'worker.log');
  writeFileSync(file, 'old and long enough to be shorter afterwards\n');
  const lines: string[] = [];
  const stop = followLog(file, (line) => lines.push(line));
  appendFileSync(file, 'first\nsec');
  await eventually(() => expect(lines).toEqual(['first']));
  appendFileSync(file, 'ond\n');
  await eventually(() => expect(lines).toEqual(['first', 'second']));
  writeFileSync(file, 'after it\n');
  await eventually(() => expect(lines).toEqual(['first', 'second', 'after it']));
  stop();
  rmSync(folder, { recursive: true });
});

test.each([
  ['{"level":30,"msg":"worker started"}', { text: 'worker started', severity: 'information' }],
  [
    '{"level":40,"msg":"cannot log in","err":{"message":"refused"}}',
    { text: 'cannot log in: refused', severity: 'warning' },
  ],
  [
    '{"level":50,"account":"second","code":"banned","reason":"You are blocked.","msg":"the account is refused"}',
    { text: 'account second: the account is refused: You are blocked.', severity: 'error' },
  ],
  ['{"level":60,"msg":"gone","err":{"message":"gone"}}', { text: 'gone', severity: 'error' }],
  [' [ERROR] Aborting', { text: '[ERROR] Aborting', severity: 'error' }],
  ['ready for connections', { text: 'ready for connections', severity: 'information' }],
])('reads %s', (line, expected) => {
  expect(readLogLine(line)).toEqual(expected);
});
