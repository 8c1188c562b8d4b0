import { randomBytes } from 'node:crypto';
import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import {
  addAccount,
  changeAccount,
  listAccounts,
  removeAccount,
} from '@midjourney-api/shared/accounts/accounts';
import { createTokenSeal } from '@midjourney-api/shared/accounts/sealed-token';
import type { Speed } from '@midjourney-api/shared/tasks/task';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDrawingRecord } from '../pool/drawing-record.ts';
import { submitTogether } from '../pool/submit-together.ts';
import type { Client } from './client.ts';
import { pictureOf } from './pictures.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

const secretsKey = randomBytes(32);
const seal = createTokenSeal(secretsKey);

let system: System;
let midjourney: SimulatorControl;

beforeEach(async () => {
  system = await startSystem({
    drawMs: 400,
    imageSize: 64,
    env: {
      SECRETS_KEY: secretsKey.toString('base64'),
      ACCOUNT_LEASE_MS: '1600',
      EVIDENCE_WINDOW_MS: '1500',
    },
  });
  midjourney = new SimulatorControl(system.simulator.controlUrl);
});
afterEach(() => system.stop());

/** Adds an account to the simulator and to the service, beside the default one of the environment. */
async function add(
  name: string,
  concurrency: number,
  session: 'bot' | 'user' = 'bot',
  speed: Speed | null = null,
): Promise<string> {
  const account = await midjourney.addAccount(concurrency);
  await addAccount(system.db, name, {
    guildId: account.guildId,
    channelId: account.channelId,
    userToken: seal.seal(account.userToken, name, 'user'),
    botToken: session === 'bot' ? seal.seal(account.botToken, name, 'bot') : null,
    session,
    concurrency,
    speed,
    weight: 1,
    pacing: unpaced,
  });
  return account.userId;
}

interface Refusal {
  code: string;
  detail: string;
}

async function uploadForm(speed: Speed): Promise<FormData> {
  const form = new FormData();
  form.append('file', await pictureOf('teal'), 'picture.png');
  form.append('speed', speed);
  return form;
}

async function upload(client: Client, speed: Speed): Promise<{ upload_filename: string }> {
  const form = await uploadForm(speed);
  return (await client.request<{ upload_filename: string }>('POST', '/upload', form)).body;
}

async function blendForm({ speed }: { speed: Speed }): Promise<FormData> {
  const form = new FormData();
  for (const color of ['red', 'blue']) form.append('images', await pictureOf(color), 'picture.png');
  form.append('speed', speed);
  return form;
}

async function allReady(count: number) {
  return until(`${count} accounts are ready and have a worker`, async () => {
    const accounts = await listAccounts(system.db);
    const ready = accounts.filter(({ state, driver }) => state === 'ready' && driver !== null);
    return ready.length === count && ready;
  });
}

const workersOf = (accounts: { driver: string | null }[]) => {
  const counts = new Map<string | null, number>();
  for (const { driver } of accounts) counts.set(driver, (counts.get(driver) ?? 0) + 1);
  return [...counts.values()].sort();
};

async function expectNoAccountOverItsLimit() {
  for (const { userId, concurrency, maxOpen } of await midjourney.accountStats()) {
    expect(maxOpen, `jobs of account ${userId} at Midjourney at a time`).toBeLessThanOrEqual(concurrency);
  }
}

describe('a pool of accounts', () => {
  it('is shared evenly by the workers, draws with all of them, and with none above its limit', async () => {
    await add('second', 2);
    await add('third', 1, 'user');
    await add('fourth', 3);
    await system.start('standby');
    await until('two workers share four accounts', async () => {
      const drivers = workersOf(await allReady(4));
      return drivers.length === 2 && drivers.every((count) => count === 2);
    });

    const client = await system.newUser(100);
    const ids = await Promise.all(
      Array.from({ length: 40 }, (_, i) => client.submit('/imagine', { prompt: `picture ${i}` })),
    );
    const tasks = await Promise.all(ids.map((id) => client.ended(id, 60_000)));
    expect(tasks.filter(({ status }) => status !== 'succeeded')).toEqual([]);
    // A follow-up stays with the account that drew its parent, whoever is free.
    const jobs = await midjourney.jobs();
    expect(new Set(jobs.map(({ accountUserId }) => accountUserId)).size).toBe(4);
    const picks = await Promise.all(
      tasks.slice(0, 12).map(({ trigger_id }) => client.run('/upscale', { trigger_id, index: 1 })),
    );
    const after = await midjourney.jobs();
    for (const pick of picks) {
      const job = after.find(({ id }) => id === pick.msg_hash);
      const parent = after.find(
        ({ id }) => id === tasks.find(({ trigger_id }) => trigger_id === pick.parent_trigger_id)?.msg_hash,
      );
      expect(job?.accountUserId).toBe(parent?.accountUserId);
    }
    await expectNoAccountOverItsLimit();
  }, 120_000);

  it('of ten accounts is shared by three workers as 4, 3 and 3, and shared fairly by five users', async () => {
    for (let i = 2; i <= 10; i++) await add(`account-${i}`, 3);
    await Promise.all([system.start('standby'), system.start('standby')]);
    await until(
      'three workers share ten accounts',
      async () => `${workersOf(await allReady(10))}` === '3,3,4',
    );

    const loads = [60, 15, 8, 4, 2];
    const users = await Promise.all(loads.map((load) => system.newUser(load)));
    const keys = users.map(({ appKey }) => appKey);
    const submitted = await submitTogether(system.apiUrl, keys, loads, [400]);
    for (const { user, taskId } of submitted) await users[user]?.succeeded(taskId);

    await expectNoAccountOverItsLimit();
    const jobs = await midjourney.jobs();
    expect(readDrawingRecord(submitted, jobs, 30).notDrawnOnce).toEqual([]);
    expect(new Set(jobs.map(({ accountUserId }) => accountUserId)).size).toBe(10);
    const drawnFor = jobs
      .toSorted((a, b) => a.requestedAt - b.requestedAt)
      .map(({ prompt }) => submitted.find(({ taskId }) => prompt.includes(taskId))?.user);
    for (const [user, load] of loads.entries()) {
      if (user === 0) continue;
      const fairShare = loads.reduce((sum, other) => sum + Math.min(load, other), 0);
      // What was drawn before its first came, and what several workers take at the same moment.
      expect(drawnFor.lastIndexOf(user), `position of the last one of user ${user}`).toBeLessThan(
        fairShare + 30,
      );
    }
  }, 120_000);

  it('survives a worker killed in the middle: the other has its accounts, nothing is drawn twice', async () => {
    await add('second', 3);
    await add('third', 3);
    await system.start('standby');
    await until('both workers have some', async () => workersOf(await allReady(3)).length === 2);
    const client = await system.newUser(100);
    const ids = await Promise.all(
      Array.from({ length: 30 }, (_, i) => client.submit('/imagine', { prompt: `picture ${i}` })),
    );
    await until(
      'some are drawn',
      async () => (await midjourney.jobs()).filter(({ state }) => state === 'done').length > 5,
    );
    await system.worker.kill('SIGKILL');
    const killedAt = Date.now();
    await until('the other has all', async () => workersOf(await allReady(3)).length === 1);
    expect(Date.now() - killedAt).toBeLessThan(15_000);

    const tasks = await Promise.all(ids.map((id) => client.ended(id, 60_000)));
    expect(tasks.filter(({ status }) => status !== 'succeeded')).toEqual([]);
    expect(await midjourney.jobs()).toHaveLength(30);
    expect(await client.tokenUse()).toBe(30);
    await expectNoAccountOverItsLimit();
  }, 120_000);

  it('draws the next picture while the api has yet to take the last one', async () => {
    const client = await system.newUser(10);
    await midjourney.fault({ kind: 'slow', drawMs: 3_000, times: 3, match: {} });
    const ids = await Promise.all(
      [1, 2, 3, 4].map((i) => client.submit('/imagine', { prompt: `picture ${i}` })),
    );
    await until('three are being drawn', async () => (await midjourney.jobs()).length === 3);
    system.api.pause();
    await until('the fourth is drawn too', async () => (await midjourney.jobs()).length === 4);
    system.api.resume();
    for (const id of ids) await client.succeeded(id);
    await expectNoAccountOverItsLimit();
  });

  it('follows what the operator changes without a restart', async () => {
    await add('second', 1);
    await allReady(2);
    await changeAccount(system.db, 'default', { enabled: false });
    await until('the default account is given up', async () => {
      const [first] = await listAccounts(system.db);
      return first?.state === 'disabled' && first.driver === null;
    });
    const client = await system.newUser(10);
    await Promise.all([1, 2, 3].map((i) => client.run('/imagine', { prompt: `picture ${i}` })));
    const users = new Set((await midjourney.jobs()).map(({ accountUserId }) => accountUserId));
    expect([...users]).not.toContain(system.simulator.accounts[0]?.userId);

    await changeAccount(system.db, 'default', { enabled: true });
    await allReady(2);
    await removeAccount(system.db, 'second');
    await allReady(1);
  });

  it('does what asks for a speed with an account that is set to it, and says when there is none', async () => {
    const turbo = await add('turbo', 3, 'bot', 'turbo');
    await add('relaxed', 3, 'bot', 'relax');
    await allReady(3);
    const client = await system.newUser(100);
    const drawnBy = async (task: TaskView) =>
      (await midjourney.jobs()).find(({ id }) => id === task.msg_hash)?.accountUserId;

    for (let i = 0; i < 3; i++) {
      const blended = await client.run('/blend', await blendForm({ speed: 'turbo' }));
      expect([blended.speed, await drawnBy(blended)]).toEqual(['turbo', turbo]);
      const { upload_filename } = await upload(client, 'turbo');
      const described = await client.run('/describe', { upload_filename, speed: 'turbo' });
      expect(described.texts).toHaveLength(4);
      const drawn = await client.run('/action', {
        trigger_id: described.trigger_id,
        custom_id: 'MJ::Job::PicReader::1',
      });
      expect(await drawnBy(drawn)).toBe(turbo);
      const shortened = await client.run('/shorten', { prompt: 'a very long prompt', speed: 'turbo' });
      expect(shortened.texts?.length).toBeGreaterThan(1);
    }

    const { upload_filename } = await upload(client, 'relax');
    const refusals = [
      await client.request<Refusal>('POST', '/describe', { upload_filename, speed: 'turbo' }),
      await client.request<Refusal>('POST', '/blend', {
        upload_filenames: [upload_filename, upload_filename],
        speed: 'fast',
      }),
    ];
    for (const { status, body } of refusals) {
      expect([status, body.code]).toEqual([409, 'action_unavailable']);
      expect(body.detail).toMatch(/draws at the speed relax, not (turbo|fast)\. Leave speed out, or/);
    }
    await changeAccount(system.db, 'default', { enabled: false });
    const none = await client.request<Refusal>('POST', '/upload', await uploadForm('fast'));
    expect([none.status, none.body.code]).toEqual([409, 'action_unavailable']);
    expect(none.body.detail).toContain('No Midjourney account');
  });

  it('shows an old job with the account that drew it', async () => {
    const second = await add('second', 3);
    await allReady(2);
    const client = await system.newUser(10);
    const drawn = await Promise.all(
      [1, 2, 3, 4].map((i) => client.run('/imagine', { prompt: `drawn long ago ${i}` })),
    );
    const jobs = await midjourney.jobs();
    const old = jobs.find(({ accountUserId }) => accountUserId === second);
    expect(drawn.map(({ msg_hash }) => msg_hash)).toContain(old?.id);
    await system.db.execute('delete from tasks');

    const show = (account?: string) => client.request<Refusal>('POST', '/show', { job_id: old?.id, account });
    expect((await show()).body).toMatchObject({
      code: 'invalid_request',
      detail: expect.stringContaining('account: is needed'),
    });
    expect((await show('nobody')).body).toMatchObject({
      detail: expect.stringContaining('account: is not the name of a Midjourney account'),
    });
    const shown = await client.run('/show', { job_id: old?.id, account: 'second' });
    expect(shown.msg_hash).toBe(old?.id);
    const elsewhere = await client.submit('/show', {
      job_id: old?.id.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
      account: 'default',
    });
    expect(await client.ended(elsewhere)).toMatchObject({ status: 'failed', fail_code: 'invalid_parameter' });
    const pick = await client.run('/upscale', { trigger_id: shown.trigger_id, index: 1 });
    expect(pick.parent_trigger_id).toBe(shown.trigger_id);
  });

  it('draws the one task of a user next, whatever another has waiting', async () => {
    const [many, one] = [await system.newUser(200), await system.newUser(1)];
    const waiting = await Promise.all(
      Array.from({ length: 60 }, (_, i) => many.submit('/imagine', { prompt: `many ${i}` })),
    );
    const id = await one.submit('/imagine', { prompt: 'the only one' });
    const accepted = Date.parse((await one.succeeded(id)).created_at);
    const jobs = await midjourney.jobs();
    const sent = jobs.find(({ prompt }) => prompt.includes('the only one'))?.requestedAt ?? 0;
    // One or two, as many as were taken from the queue when it came.
    const before = jobs.filter(({ requestedAt }) => requestedAt > accepted && requestedAt < sent);
    expect(before.length).toBeLessThan(10);
    for (const each of waiting) await many.request('POST', '/queue/release', { trigger_id: each });
  });
});
