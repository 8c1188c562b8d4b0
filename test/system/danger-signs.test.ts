import { listAccounts } from '@midjourney-api/shared/accounts/accounts';
import { accounts } from '@midjourney-api/shared/database/schema';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resume, shownAccount } from './account.ts';
import { type CheckHost, openCheckHost } from './check-host.ts';
import type { Client } from './client.ts';
import { type Reply, SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

/** Signs of danger, played to the whole service: the account sends nothing more, and says why. */

let system: System;
let checkHost: CheckHost;
let client: Client;
let operator: Client;
let midjourney: SimulatorControl;

beforeAll(async () => {
  checkHost = await openCheckHost();
  system = await startSystem({
    concurrency: 6,
    env: {
      DISCORD_SESSION: 'user',
      DISCORD_BOT_TOKEN: '',
      START_DEADLINE_MS: '600000',
      DISCORDSAYS_URL: checkHost.url,
      MIDJOURNEY_EDITOR_URL: 'https://editor.example',
    },
  });
  client = await system.newUser(1_000);
  operator = await system.newUser(0, 'operator');
  midjourney = new SimulatorControl(system.simulator.controlUrl);
});
afterAll(async () => {
  await system.stop();
  await checkHost.close();
});
afterEach(async () => {
  await midjourney.clearReplies();
  await midjourney.clearFaults();
  if ((await account())?.state !== 'ready') await resume(system);
});

const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;
const answered = (embed: object): Reply => ({
  events: [{ d: { nonce: '{nonce}', flags: 64, embeds: [embed] } }],
});
const rest = (status: number, body: object): Reply => ({ status, body });
const iframe = {
  t: 'INTERACTION_IFRAME_MODAL_CREATE',
  d: {
    id: '{interaction}',
    nonce: '{nonce}',
    title: 'Action required to continue',
    custom_id: 'MJ::iframe::U3NmeM-lDTrm',
    application: { id: '936929561302675456' },
  },
};

const signs: [name: string, reply: Reply, cause: string, state: string][] = [
  [
    'Discord’s captcha',
    rest(400, { captcha_key: ['captcha-required'], captcha_sitekey: 'a', captcha_service: 'hcaptcha' }),
    'captcha',
    'verification_required',
  ],
  ['Discord’s 401', rest(401, { code: 0, message: '401: Unauthorized' }), 'credentials', 'refused'],
  ['Discord’s 403', rest(403, { code: 40_002, message: 'Verify your account' }), 'forbidden', 'refused'],
  ['a human check on a web page', { events: [iframe] }, 'human_check', 'verification_required'],
  [
    'a human check in a message',
    answered({ title: 'Action needed to continue', description: "Please verify you're human." }),
    'human_check',
    'verification_required',
  ],
  [
    'a block with an end',
    answered({ title: 'You are blocked.', description: `Try again <t:${inAnHour}:R>` }),
    'blocked',
    'refused',
  ],
  [
    'a pending moderation message',
    answered({ title: 'Pending mod message', description: 'Please acknowledge it.' }),
    'moderation',
    'refused',
  ],
  [
    'a warning',
    answered({ title: 'Final warning', description: 'Your prompts do not keep to our guidelines.' }),
    'moderation',
    'refused',
  ],
  [
    'used-up credits',
    answered({ title: 'Credits exhausted', description: 'You have run out of hours.' }),
    'subscription',
    'refused',
  ],
  ['new terms', answered({ title: 'Tos not accepted', description: 'Accept them.' }), 'terms', 'refused'],
];

const account = () => shownAccount(system);

async function stopped() {
  return until('the account is stopped', async () => {
    const shown = await account();
    return shown && shown.state !== 'ready' && shown.state !== 'connecting' && shown;
  });
}

/** How many interactions Discord got of the account's user. */
async function sends(): Promise<number> {
  const [account] = await midjourney.accountStats();
  return Object.values(account?.userCalls['POST /interactions'] ?? {}).reduce((sum, count) => sum + count, 0);
}

describe('a sign of danger', () => {
  it.each(signs)('%s stops the account, and its tasks wait', async (name, reply, cause, state) => {
    const before = await sends();
    await midjourney.replyWith({
      match: { command: 'imagine', promptContains: 'meets it' },
      times: 1,
      ...reply,
    });
    const met = await client.submit('/imagine', { prompt: `meets it: ${name}` });
    const shown = await stopped();
    expect(shown).toMatchObject({
      state,
      cause,
      advice: expect.stringContaining('resume'),
    });
    const waiting = await Promise.all(
      [1, 2, 3].map((at) => client.submit('/imagine', { prompt: `waits ${at}: ${name}` })),
    );
    for (const id of [met, ...waiting])
      await until('it waits', async () => (await client.task(id)).queue?.reason);
    expect(await sends()).toBe(before + 1);

    await resume(system);
    expect(await account()).toMatchObject({ cause: null, reason: null, advice: null, until: null });
    for (const id of [met, ...waiting]) await client.succeeded(id);
    expect(await sends()).toBe(before + 5);
  });

  it('stops what waits for Discord’s rate limit already, and is not sent when that is over', async () => {
    const before = await sends();
    await midjourney.fault({
      kind: 'rate_limit',
      retryAfter: 4,
      global: false,
      times: 1,
      match: { path: '/interactions' },
    });
    const ids = await Promise.all(
      [1, 2, 3].map((at) => client.submit('/imagine', { prompt: `between commit and send ${at}` })),
    );
    await until('the rate limit struck', async () => (await midjourney.struck('rate_limit')) === 1);
    for (const id of ids)
      await until('it is about to be sent', async () => (await operator.task(id)).attempts === 1);
    await midjourney.play({
      d: { flags: 64, embeds: [{ title: 'Blocked', description: 'You are blocked.' }] },
    });
    await stopped();
    for (const id of ids) {
      await until('it waits again', async () => {
        const task = await operator.task(id);
        return task.status === 'queued' && task.attempts === 1 && task.account === undefined;
      });
    }
    expect(await sends()).toBe(before + 1);
    await resume(system);
    for (const id of ids) await client.succeeded(id);
  });
});

describe('operators see', () => {
  it('of a block its end, what to do, and when it began', async () => {
    await midjourney.replyWith({ match: { command: 'imagine' }, times: 1, ...signs[5]?.[1] });
    const id = await client.submit('/imagine', { prompt: 'blocked for an hour' });
    await stopped();
    const end = new Date(inAnHour * 1_000).toISOString();
    const expected = {
      cause: 'blocked',
      until: end,
      advice: expect.stringContaining('--resume-after-block'),
    };
    expect((await operator.request<{ data: object[] }>('GET', '/accounts')).body.data[0]).toMatchObject(
      expected,
    );
    expect(JSON.parse(await system.accounts('--json', 'list'))[0]).toMatchObject(expected);
    const metrics = await (await fetch(`${system.apiUrl}/metrics`)).text();
    expect(metrics).toContain(`midjourney_account_until_timestamp_seconds{account="default"} ${inAnHour}`);
    expect(system.output()).toMatch(/"cause":"blocked".*"until":"/);
    await resume(system);
    await client.succeeded(id);
  });

  it('of a human check where a person can answer it; it is asked for once, and nobody else sees it', async () => {
    const askedBefore = checkHost.asked.length;
    await midjourney.replyWith({ match: { command: 'imagine' }, events: [iframe] });
    const ids = await Promise.all(
      [1, 2, 3].map((at) => client.submit('/imagine', { prompt: `meets the check ${at}` })),
    );
    const { check_link: link } = await until('there is a link', async () => {
      const shown = await account();
      return shown?.check_link ? shown : undefined;
    });
    const token = `token-${askedBefore + 1}`;
    expect(link).toBe(
      `https://editor.example/captcha/challenge/index.html?hash=hash-of-check&token=${token}`,
    );
    expect(checkHost.asked.length).toBe(askedBefore + 1);
    const { body } = await operator.request('GET', '/accounts');
    expect(JSON.stringify(body)).toContain(token);
    for (const id of ids) expect(JSON.stringify(await client.task(id))).not.toContain('token-');
    expect(system.output()).not.toContain('token-');
    await midjourney.clearReplies();
    await resume(system);
    for (const id of ids) await client.succeeded(id);
    expect((await account())?.check_link).toBe(null);
  });
});

describe('a block that ends', () => {
  const blockedFor = async (seconds: number) => {
    const end = Math.ceil(Date.now() / 1_000) + seconds;
    const block = answered({ title: 'Temporarily blocked', description: `Until <t:${end}:R>` });
    await midjourney.replyWith({ match: { command: 'imagine' }, times: 1, ...block });
    const id = await client.submit('/imagine', { prompt: `blocked until ${end}` });
    await stopped();
    return { id, end };
  };

  it('lets the account start again by itself where that is allowed, no earlier', async () => {
    await system.accounts('set', 'default', '--resume-after-block');
    const { id, end } = await blockedFor(3);
    await until('the account is ready', async () => (await account())?.state === 'ready');
    expect(Date.now()).toBeGreaterThanOrEqual(end * 1_000);
    await client.succeeded(id);
    await system.accounts('set', 'default', '--no-resume-after-block');
  });

  it('leaves that to an operator otherwise', async () => {
    const { id, end } = await blockedFor(1);
    // Another account, whose block ends later, resumes.
    await system.db.insert(accounts).values({
      name: 'other',
      state: 'refused',
      cause: 'blocked',
      until: new Date((end + 1) * 1_000),
      resumeAfterBlock: true,
      since: new Date(),
    });
    await until('the other one resumes', async () => {
      const all = await listAccounts(system.db);
      return all.find(({ name }) => name === 'other')?.cause === null;
    });
    expect((await account())?.state).toBe('refused');
    await system.accounts('remove', 'other');
    await resume(system);
    await client.succeeded(id);
  });
});
