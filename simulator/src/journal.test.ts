import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { journalPath, readJournal, rewriteJournal } from './journal.ts';
import { type Simulator, startSimulator } from './simulator.ts';
import { DiscordUser, Listener, type Posted } from './testing/discord-user.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'simulator-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const isDone = (text: string) => (message: Posted) =>
  message.content.includes(text) && /^[^%]*(\(fast\)|Image #\d)/.test(message.content);

async function pixels(message: Posted): Promise<string> {
  const answer = await fetch(message.attachments[0]?.url ?? '');
  return Buffer.from(await answer.arrayBuffer()).toString('base64');
}

async function history(user: DiscordUser): Promise<Posted[]> {
  const path = `/channels/${user.account.channelId}/messages`;
  return (await (await user.fetch(path, user.asBot)).json()) as Posted[];
}

/** The simulator as a process of its own, ready to be killed. */
async function startProcess(
  env: Record<string, string>,
): Promise<{ child: ChildProcess; listening: Listening }> {
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), fileURLToPath(new URL('./main.ts', import.meta.url))],
    { env: { ...process.env, SIM_IMAGE_SIZE: '32', ...env }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout ?? process.stdin });
  const [line] = (await once(lines, 'line')) as [string];
  return { child, listening: (JSON.parse(line) as { listening: Listening }).listening };
}
type Listening = Omit<Simulator, 'accounts' | 'close'>;

describe('the journal', () => {
  it('passes over a line that was torn while it was written', async () => {
    const journal = rewriteJournal(dataDir, [{ is: 'secret', secret: 'one' }]);
    journal.append({ is: 'message_gone', messageId: '5' });
    journal.close();
    appendFileSync(journalPath(dataDir), '{"is":"message_gone","mess');
    const records = [];
    for await (const record of readJournal(journalPath(dataDir))) records.push(record);
    expect(records).toEqual([
      { is: 'secret', secret: 'one' },
      { is: 'message_gone', messageId: '5' },
    ]);
  });
});

describe('a simulator with a data folder', () => {
  it('knows its accounts, messages, pictures and links after a restart', async () => {
    const options = { drawMs: 0, imageSize: 32, dataDir };
    const before = await startSimulator(options);
    const earlier = new DiscordUser(before);
    const listener = await Listener.identified(before, earlier.account.botToken);
    await earlier.imagine('from yesterday');
    const grid = await listener.message(isDone('from yesterday'));
    const picture = await pixels(grid);
    await listener.end();
    await before.close();

    const after = await startSimulator(options);
    const user = new DiscordUser(after);
    try {
      expect(user.account).toEqual(earlier.account);
      const [found] = await history(user);
      expect(found).toMatchObject({ id: grid.id, content: grid.content });
      if (!found) throw new Error('no message');
      expect(await pixels(found)).toBe(picture);
      const bot = await Listener.identified(after, user.account.botToken);
      await user.press(grid, 'upsample::4::');
      expect((await bot.message(isDone('Image #4'))).message_reference?.message_id).toBe(grid.id);
      await bot.end();
    } finally {
      await after.close();
    }
  });

  it('does not draw again what was delivered just before it was killed', async () => {
    const options = { drawMs: 0, imageSize: 32, dataDir };
    const before = await startSimulator(options);
    const user = new DiscordUser(before);
    const listener = await Listener.identified(before, user.account.botToken);
    await user.imagine('delivered once');
    await listener.message(isDone('delivered once'));
    await listener.end();
    await before.close();
    const records = [];
    for await (const record of readJournal(journalPath(dataDir))) records.push(record);
    const job = records.findLast((record) => record.is === 'job' && record.job.state === 'drawing');
    appendFileSync(journalPath(dataDir), `${JSON.stringify(job)}\n`);

    const after = await startSimulator(options);
    try {
      const again = new DiscordUser(after);
      expect(await again.jobs()).toMatchObject([{ state: 'done' }]);
      expect(await history(again)).toHaveLength(1);
    } finally {
      await after.close();
    }
  });

  it('continues after SIGKILL: old buttons work and what was being drawn is finished', async () => {
    const first = await startProcess({ SIM_DATA_DIR: dataDir, SIM_DRAW_MS: '0' });
    const { accounts } = (await (await fetch(`${first.listening.controlUrl}/accounts`)).json()) as {
      accounts: Simulator['accounts'];
    };
    const shell = (listening: Listening) =>
      new DiscordUser({ ...listening, accounts, close: async () => {} });
    const user = shell(first.listening);
    const listener = await Listener.identified(user.simulator, user.account.botToken);
    await user.imagine('survivor');
    const grid = await listener.message(isDone('survivor'));
    await user.control('POST', '/faults', { kind: 'slow', drawMs: 600 });
    await user.imagine('interrupted');
    await listener.updated(({ content }) => content.includes('interrupted'));
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    await listener.end();

    const second = await startProcess({ SIM_DATA_DIR: dataDir, SIM_DRAW_MS: '0' });
    try {
      const again = shell(second.listening);
      await expect.poll(async () => (await history(again)).some(isDone('interrupted'))).toBe(true);
      expect((await history(again)).filter(({ content }) => content.includes('%'))).toEqual([]);
      await again.press(grid, 'upsample::1::');
      await expect.poll(async () => (await history(again)).some(isDone('Image #1'))).toBe(true);
      second.child.kill('SIGTERM');
      const [code] = (await once(second.child, 'exit')) as [number];
      expect(code).toBe(0);
    } finally {
      second.child.kill('SIGKILL');
    }
  }, 20_000);
});
