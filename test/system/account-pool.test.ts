import { randomBytes } from 'node:crypto';
import {
  addAccount,
  changeAccount,
  listAccounts,
  removeAccount,
} from '@midjourney-api/shared/accounts/accounts';
import { createTokenSeal } from '@midjourney-api/shared/accounts/sealed-token';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
      JOB_LOCK_MS: '2000',
      EVIDENCE_WINDOW_MS: '1500',
    },
  });
  midjourney = new SimulatorControl(system.simulator.controlUrl);
});
afterEach(() => system.stop());

/** Adds an account to the simulator and to the service, beside the default one of the environment. */
async function add(name: string, concurrency: number, session: 'bot' | 'user' = 'bot'): Promise<void> {
  const account = await midjourney.addAccount(concurrency);
  await addAccount(system.db, name, {
    guildId: account.guildId,
    channelId: account.channelId,
    userToken: seal.seal(account.userToken, name, 'user'),
    botToken: session === 'bot' ? seal.seal(account.botToken, name, 'bot') : null,
    session,
    concurrency,
    speed: null,
    weight: 1,
  });
}

async function allReady(count: number) {
  return until(`${count} accounts are ready and driven`, async () => {
    const accounts = await listAccounts(system.db);
    const ready = accounts.filter(({ state, driver }) => state === 'ready' && driver !== null);
    return ready.length === count && ready;
  });
}

const driversOf = (accounts: { driver: string | null }[]) => {
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
      const drivers = driversOf(await allReady(4));
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

  it('survives a worker killed in the middle: its accounts go on with the other, nothing is drawn twice', async () => {
    await add('second', 3);
    await add('third', 3);
    await system.start('standby');
    await until('both workers drive', async () => driversOf(await allReady(3)).length === 2);
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
    await until('the other drives all', async () => driversOf(await allReady(3)).length === 1);
    expect(Date.now() - killedAt).toBeLessThan(15_000);

    const tasks = await Promise.all(ids.map((id) => client.ended(id, 60_000)));
    expect(tasks.filter(({ status }) => status !== 'succeeded')).toEqual([]);
    expect(await midjourney.jobs()).toHaveLength(30);
    expect(await client.tokenUse()).toBe(30);
    await expectNoAccountOverItsLimit();
  }, 120_000);

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
  }, 60_000);

  it('gives a user with one task the next turn, whatever another has waiting', async () => {
    const [many, one] = [await system.newUser(200), await system.newUser(1)];
    const waiting = await Promise.all(
      Array.from({ length: 60 }, (_, i) => many.submit('/imagine', { prompt: `many ${i}` })),
    );
    const id = await one.submit('/imagine', { prompt: 'the only one' });
    await one.succeeded(id);
    const done = (await midjourney.jobs()).filter(({ state }) => state === 'done').length;
    // Those that were being drawn when it came, one round beside it, and what else finished meanwhile.
    expect(done).toBeLessThan(15);
    for (const each of waiting) await many.request('POST', '/queue/release', { trigger_id: each });
  }, 60_000);
});
