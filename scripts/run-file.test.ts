import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type RunFile, readRunFile, removeRunFile, takeDataDirectory, writeRunFile } from './run-file.ts';

const run: RunFile = {
  apiUrl: 'http://127.0.0.1:8086',
  appKey: 'mj_a',
  operatorKey: 'mj_b',
  webhookSecret: 'whsec_c',
  db: { host: '127.0.0.1', port: 3306, user: 'u', password: 'p', database: 'd' },
  redisUrl: 'redis://127.0.0.1:6379',
  processes: [{ name: 'api', pid: 7 }],
};

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'run-file-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

test('what was written is read, by its owner alone, while the copy runs', () => {
  const giveBack = takeDataDirectory(dataDir);
  expect(readRunFile(dataDir)).toBeUndefined();
  writeRunFile(dataDir, run);
  expect(readRunFile(dataDir)).toEqual(run);
  expect(statSync(path.join(dataDir, 'run.json')).mode & 0o777).toBe(0o600);
  removeRunFile(dataDir);
  expect(readRunFile(dataDir)).toBeUndefined();
  giveBack();
});

test('what a killed copy left behind is not taken for a running one', () => {
  writeRunFile(dataDir, run);
  writeFileSync(
    path.join(dataDir, 'owner.json'),
    JSON.stringify({ pid: process.pid, startedAt: 'long ago' }),
  );
  expect(readRunFile(dataDir)).toBeUndefined();
  takeDataDirectory(dataDir)();
});

test('a data folder has one owner at a time', () => {
  const giveBack = takeDataDirectory(dataDir);
  expect(() => takeDataDirectory(dataDir)).toThrow(
    `in use by a copy that is running already (process ${process.pid})`,
  );
  giveBack();
  takeDataDirectory(dataDir)();
});

test('a data folder that cannot be made is reported in one line', () => {
  const file = path.join(dataDir, 'file');
  writeFileSync(file, '');
  expect(() => takeDataDirectory(path.join(file, 'folder'))).toThrow(
    /^The data folder .* cannot be used: ENOTDIR/,
  );
});
