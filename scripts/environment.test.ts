import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { findUnreadableLine, loadEnvironmentFile } from './environment.ts';

test.each([
  ['nothing', ''],
  ['comments and empty lines', '# a comment\n\n   # another\n'],
  ['plain values', 'PORT=8086\nexport HOST=127.0.0.1\nEMPTY=\nSPACED = yes # why\n'],
  ['quoted values', `A="with # hash"\nB='it is "so"'\nC=\`it's\`\n`],
  ['a value over several lines', 'KEY="first\nsecond\nthird"\nPORT=1\n'],
  ['Windows line ends', 'PORT=8086\r\nHOST=127.0.0.1\r\n'],
])('reads %s', (_, text) => {
  expect(findUnreadableLine(text)).toBeUndefined();
});

test.each([
  ['a name without a value', 'PORT=1\nHOST\n', 2],
  ['a sentence', 'PORT=1\n\nsee the wiki\nHOST=x\n', 3],
  ['a value without a name', '=8086\n', 1],
  ['a quote that is never closed', 'PORT=1\nKEY="abc\nHOST=x\n', 2],
  ['a quote that is closed on a line of another variable', 'A="x\nB="y"\n', 1],
])('finds the line of %s', (_, text, line) => {
  expect(findUnreadableLine(text)).toBe(line);
});

test('what is set already wins over the file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'environment-'));
  const file = path.join(folder, '.env');
  writeFileSync(file, 'PORT=1\nHOST=from-file\n');
  const env = { PORT: '2' };
  loadEnvironmentFile(env, file);
  expect(env).toEqual({ PORT: '2', HOST: 'from-file' });
  rmSync(folder, { recursive: true });
});

test('a broken file is refused with its line number, and without its content', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'environment-'));
  const file = path.join(folder, '.env');
  writeFileSync(file, 'PORT=1\nDISCORD_USER_TOKEN my-secret\n');
  expect(() => loadEnvironmentFile({}, file)).toThrow(
    `${file} line 2 cannot be read: expected NAME=value, a # comment or an empty line`,
  );
  rmSync(folder, { recursive: true });
});

test('no file is no mistake', () => {
  expect(() => loadEnvironmentFile({}, '/nowhere/.env')).not.toThrow();
});
