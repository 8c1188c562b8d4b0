import { closeSync, mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openLog, rotateLog } from './log-file.ts';

test('a log that has become large is put aside while it is written', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'log-'));
  const file = path.join(folder, 'api.log');
  const written = openLog(file);
  writeSync(written, 'first\n');
  rotateLog(file, 10);
  expect(readFileSync(file, 'utf8')).toBe('first\n');

  writeSync(written, 'second\n');
  rotateLog(file, 10);
  writeSync(written, 'third\n');
  expect(readFileSync(file, 'utf8')).toBe('third\n');
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('first\nsecond\n');

  writeSync(written, 'and fourth\n');
  rotateLog(file, 10);
  expect(readFileSync(file, 'utf8')).toBe('');
  expect(readFileSync(`${file}.1`, 'utf8')).toBe('third\nand fourth\n');
  closeSync(written);
  rmSync(folder, { recursive: true });
});
