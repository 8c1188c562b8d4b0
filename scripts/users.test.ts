import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';

let database: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = mkdtempSync(path.join(tmpdir(), 'users-'));
});
afterAll(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function users(...args: string[]): Promise<string> {
  const env = {
    PATH: process.env.PATH ?? '',
    DATA_DIR: dataDir,
    DB_HOST: database.host,
    DB_PORT: String(database.port),
    DB_USER: database.user,
    DB_PASSWORD: database.password,
    DB_NAME: database.database,
  };
  const command = ['--import', 'tsx', 'scripts/users.ts', ...args];
  return (await promisify(execFile)(process.execPath, command, { env })).stdout;
}

it('hook-secret shows the secret of a user’s hooks, the same until it is rotated, and nothing else shows it', async () => {
  await users('create', 'alice', '10');
  const first = JSON.parse(await users('--json', 'hook-secret', 'alice')).hook_secret;
  expect(first).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(await users('hook-secret', 'alice')).toContain(`The secret of the user’s hooks:\n${first}\n`);
  const second = JSON.parse(await users('--json', 'hook-secret', 'alice', '--rotate')).hook_secret;
  expect(second).not.toBe(first);
  const shown = (await users('list')) + (await users('--json', 'info', 'alice'));
  expect(shown).toContain('alice');
  expect(shown).not.toContain('whsec_');
});
