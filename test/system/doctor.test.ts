import { readAccountRecord } from '@midjourney-api/shared/doctor/account-record';
import type { Finding } from '@midjourney-api/shared/doctor/finding';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resume } from './account.ts';
import type { Client } from './client.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

/** What the doctor says of the whole service, with things broken on purpose. */

interface Checked {
  account: string;
  ok: boolean;
  findings: Finding[];
}
interface Report {
  ok: boolean;
  installation: Finding[];
  accounts: { account: string; findings: Finding[] }[];
}

// Commands are processes of their own, which start slowly on a busy machine.
describe.each(['bot', 'user'] as const)(
  'of an account to which a %s listens',
  { timeout: 120_000 },
  (session) => {
    let system: System;
    let midjourney: SimulatorControl;
    let operator: Client;
    let userId: string;
    beforeAll(async () => {
      const env: Record<string, string> =
        session === 'user' ? { DISCORD_SESSION: 'user', DISCORD_BOT_TOKEN: '' } : {};
      system = await startSystem({ env: { ACCOUNT_LEASE_MS: '1200', ...env } });
      midjourney = new SimulatorControl(system.simulator.controlUrl);
      operator = await system.newUser(10, 'operator');
      userId = system.simulator.accounts[0]?.userId ?? '';
    });
    afterAll(() => system.stop());
    afterEach(async () => {
      await midjourney.account(userId, 'restore');
      await midjourney.account(userId, 'settings', { slowModeSeconds: 0, contentIntent: true, remix: false });
      await resume(system);
    });

    async function check() {
      const { status, body } = await operator.request<Checked>('GET', '/accounts/default/check');
      expect(status).toBe(200);
      return { ...body, of: (name: string) => body.findings.find((finding) => finding.check === name) };
    }
    async function doctor(args: string[] = [], env: Record<string, string> = {}) {
      const { stdout, stderr, status } = await system.command('doctor', ['--json', ...args], env);
      expect(stderr).toBe('');
      const report = JSON.parse(stdout) as Report;
      const found = [...report.installation, ...report.accounts.flatMap(({ findings }) => findings)];
      return { ...report, status, of: (name: string) => found.find((finding) => finding.check === name) };
    }

    it('finds nothing wrong, by HTTP and in the shell, without disturbing what is drawn', async () => {
      const drawing = operator.submit('/imagine', { prompt: 'meanwhile' });
      const [checked, report] = [await check(), await doctor()];
      expect(checked.findings.filter(({ status }) => status === 'warning' || status === 'problem')).toEqual(
        [],
      );
      expect(checked.ok).toBe(true);
      // What is drawn costs fast hours.
      const lasting = (findings: Finding[] = []) => findings.filter((each) => each.check !== 'info');
      expect(lasting(report.accounts[0]?.findings)).toEqual(lasting(checked.findings));
      expect(report.installation.filter(({ status }) => status !== 'ok')).toEqual([]);
      expect([report.ok, report.status]).toEqual([true, 0]);
      await operator.succeeded(await drawing);

      const text = await system.command('doctor');
      expect(text.status).toBe(0);
      expect(text.stdout).toMatch(/^This installation\n {2}ok {7}MySQL answers at /);
      expect(text.stdout).toContain('\nAccount default\n  ok       The account is ready to draw.\n');
      const secrets = [system.webhookSecret, ...Object.values(system.simulator.accounts[0] ?? {})];
      for (const secret of secrets.filter((each) => String(each).length > 30))
        expect(text.stdout + JSON.stringify(checked)).not.toContain(secret);
    });

    it('reads /info and /settings where the user listens, and says so where it cannot', async () => {
      await midjourney.account(userId, 'settings', { remix: true });
      const checked = await check();
      if (session === 'bot') {
        expect(checked.of('info')).toMatchObject({ status: 'skipped' });
        expect(checked.of('settings')?.message).toContain('only a session of the user');
      } else {
        expect(checked.of('info')).toMatchObject({
          status: 'ok',
          message: expect.stringMatching(/fast hours/),
        });
        expect(checked.of('settings')).toMatchObject({
          status: 'ok',
          message: expect.stringMatching(/^Remix mode is on.*V8\.2/),
        });
      }
    });

    it('sees slow mode', async () => {
      await midjourney.account(userId, 'settings', { slowModeSeconds: 20 });
      const report = await doctor();
      expect(report.of('slow_mode')).toMatchObject({ status: session === 'bot' ? 'problem' : 'warning' });
      expect(report.status).toBe(session === 'bot' ? 1 : 0);
    });

    it('sees a revoked token, also once the account is refused for it', async () => {
      await midjourney.account(userId, 'revoke', { which: 'user' });
      const first = await check();
      expect(first.of('user_token')).toMatchObject({
        status: 'problem',
        todo: expect.stringMatching(/token/),
      });
      const later = await until('the account is refused', async () => {
        const now = await check();
        return now.of('state')?.status === 'problem' && now;
      });
      expect(later.of('user_token')).toMatchObject({ status: 'problem' });
      expect(later.of('worker')).toMatchObject({ status: 'ok' });
      if (session === 'user') expect(later.of('info')?.message).toContain('it is refused');
    });

    // What is the same for both sessions, or about the bot.
    if (session === 'user') return;

    it('sees a bot without the Message Content intent', async () => {
      await midjourney.account(userId, 'settings', { contentIntent: false });
      expect((await check()).of('message_content')).toMatchObject({ status: 'problem' });
    });

    it('looks at Discord itself when no worker has the account', async () => {
      const answer = await operator.request<{ code: string }>('GET', '/accounts/nobody/check');
      expect(answer.body.code).toBe('not_found');
      await system.worker.kill('SIGKILL');
      await until(
        'its lease has ended',
        async () => (await readAccountRecord(system.db, 'default'))?.worker === null,
      );
      const checked = await check();
      expect(checked.of('worker')).toMatchObject({ status: 'problem' });
      expect(checked.of('channel')?.message).toBe('No worker has the account, so Discord was not asked.');

      const here = await doctor();
      expect(here.of('worker')).toMatchObject({ status: 'problem' });
      expect(here.of('user_token')).toMatchObject({ status: 'ok' });
      const elsewhere = await doctor([], { DISCORD_CHANNEL_ID: '1234567890123456789' });
      expect(elsewhere.of('channel')).toMatchObject({
        status: 'problem',
        message: expect.stringMatching(/no channel/),
      });
      await system.start('worker');
    });

    it('says what is wrong with the installation', async () => {
      const wrong = await doctor([], {
        RESULT_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 3).toString('base64')}`,
        BANNED_WORDS_FILE: 'nowhere.txt',
        MODELS_FILE: 'nowhere.json',
        DISCORD_CONCURENCY: '3',
        PUBLIC_URL: '',
        HOST: '0.0.0.0',
      });
      expect(wrong.status).toBe(1);
      expect(wrong.of('result_webhook')?.message).toContain('does not accept the signature');
      expect(wrong.of('banned_words')).toMatchObject({ status: 'problem' });
      expect(wrong.of('models')?.message).toContain('nowhere.json');
      const doubts = wrong.installation.filter(({ check }) => check === 'configuration');
      expect(doubts.map(({ message }) => message).join()).toMatch(/DISCORD_CONCURRENCY.*PUBLIC_URL/);

      const away = await doctor([], { DB_PORT: '1', REDIS_URL: 'redis://127.0.0.1:1' });
      expect(away.of('mysql')).toMatchObject({
        status: 'problem',
        message: expect.stringMatching(/ECONNREFUSED/),
      });
      expect(away.of('redis')).toMatchObject({
        status: 'problem',
        message: expect.stringMatching(/ECONNREFUSED/),
      });
      // MySQL says whether everything of an account goes through a proxy.
      expect(away.of('user_token')).toMatchObject({ status: 'skipped' });
      const unknown = await system.command('doctor', ['--account', 'nobody']);
      expect(unknown).toMatchObject({ status: 1, stderr: expect.stringMatching(/no account "nobody"/) });
    });
  },
);
