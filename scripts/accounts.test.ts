import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { listAudit } from '@midjourney-api/shared/audit/audit';
import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../test/database.ts';
import { programArguments } from '../test/program.ts';

let database: TestDatabase;
let dataDir: string;
beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = mkdtempSync(path.join(tmpdir(), 'accounts-'));
});
afterAll(async () => {
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const keys = { old: Buffer.alloc(32, 1).toString('base64'), new: Buffer.alloc(32, 2).toString('base64') };

/** @returns the status that it ends with. */
async function accounts(args: string[], { key = keys.old, input = '' } = {}): Promise<number> {
  const env = {
    PATH: process.env.PATH ?? '',
    SUDO_USER: 'ops',
    SECRETS_KEY: key,
    DATA_DIR: dataDir,
    DB_HOST: database.host,
    DB_PORT: String(database.port),
    DB_USER: database.user,
    DB_PASSWORD: database.password,
    DB_NAME: database.database,
  };
  const child = spawn(process.execPath, [...programArguments('scripts/accounts'), ...args], { env });
  child.stdin.end(input);
  child.stdout.resume();
  child.stderr.resume();
  const [status] = await once(child, 'close');
  return Number(status);
}

it('notes who changed which account and how, and never a token', async () => {
  const input = 'secret-of-the-user\nsecret-of-the-bot\n';
  const proxy = ['--proxy', 'socks5://someone:secret@proxy.example:1080'];
  const pace = ['--min-gap', '3', '--hours', 'always'];
  expect(
    await accounts(['add', 'second', '--guild', '11', '--channel', '12', ...proxy, ...pace], { input }),
  ).toBe(0);
  expect(await accounts(['set', 'second', '--weight', '2', '--per-hour', '0', '--tokens'], { input })).toBe(
    0,
  );
  expect(await accounts(['disable', 'second'])).toBe(0);
  expect(await accounts(['reseal'], { key: keys.new, input: `${keys.old}\n` })).toBe(0);
  expect(await accounts(['remove', 'third'])).toBe(1);
  expect(await accounts(['remove', 'second'])).toBe(0);

  const { db, close } = connectDatabase(database);
  const entries = await listAudit(db, { limit: 100 });
  await close();
  expect(entries.map(({ actor, action, target, detail }) => [actor, action, target, detail])).toEqual([
    ['shell:ops', 'accounts.remove', 'second', {}],
    ['shell:ops', 'accounts.reseal', 'second', {}],
    ['shell:ops', 'accounts.disable', 'second', {}],
    ['shell:ops', 'accounts.set', 'second', { weight: 2, per_hour: null, tokens: 'replaced' }],
    [
      'shell:ops',
      'accounts.add',
      'second',
      {
        guildId: '11',
        channelId: '12',
        session: 'bot',
        concurrency: 3,
        speed: null,
        weight: 1,
        resumeAfterBlock: false,
        min_gap: 3,
        hours: null,
        proxy: 'socks5://proxy.example:1080',
      },
    ],
  ]);
});
