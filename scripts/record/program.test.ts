import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Simulator, startSimulator } from '@midjourney-api/simulator/simulator';
import { DiscordUser, Listener } from '@midjourney-api/simulator/testing/discord-user';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aDiscordAccount } from '../../worker/src/discord/discord-account.fixture.ts';
import { recordProgram } from './program.ts';

let simulator: Simulator;
let person: DiscordUser;
let folder: string;
beforeAll(async () => {
  simulator = await startSimulator({ drawMs: 60, imageSize: 64, lazyPictures: true });
  person = new DiscordUser(simulator);
  folder = mkdtempSync(path.join(tmpdir(), 'recordings-'));
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Records; once it has begun, `happen` does something, and then it is enough. */
async function run(session: 'bot' | 'user', args: string[], happen = async () => {}): Promise<string> {
  const printed: string[] = [];
  const enough = new AbortController();
  let happening: Promise<void> | undefined;
  const program = recordProgram({
    openAccount: async () => ({
      account: aDiscordAccount({ ...person.account, session }),
      apiUrl: simulator.apiUrl,
    }),
    print: (text) => {
      printed.push(text);
      if (text.startsWith('Recording')) happening = happen().finally(() => enough.abort());
    },
    enough: enough.signal,
  });
  await program.parseAsync(['--account', 'test', ...args], { from: 'user' });
  await happening;
  return printed.join('');
}

async function draw(): Promise<void> {
  const listener = await Listener.identified(simulator, person.account.botToken);
  await person.imagine('a cat');
  await listener.message(({ content }) => content.endsWith('(fast)'));
  await listener.end();
}

it('writes what comes into a file that only its owner can read, a line each', async () => {
  const out = path.join(folder, 'bot.jsonl');
  const printed = await run('bot', ['--out', out], draw);
  const lines = readFileSync(out, 'utf8').trimEnd().split('\n');
  expect(printed).toContain(`${lines.length - 1} events and 1 answers are in ${out}.`);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ afterMs: expect.any(Number) });
  expect(lines.join()).toContain('"t":"MESSAGE_CREATE"');
  expect(statSync(out).mode & 0o777).toBe(0o600);
});

it('signs in as the user only when it is asked to', async () => {
  const out = path.join(folder, 'user.jsonl');
  await expect(run('user', ['--out', out])).rejects.toThrow('--yes');
  await run('user', ['--out', out, '--yes']);
  expect(readFileSync(out, 'utf8')).toContain('"name":"imagine"');
});

it('overwrites nothing', async () => {
  const out = path.join(folder, 'kept.jsonl');
  writeFileSync(out, 'kept');
  await expect(run('bot', ['--out', out])).rejects.toThrow('--out');
  expect(readFileSync(out, 'utf8')).toBe('kept');
});
