import { readdirSync, readFileSync } from 'node:fs';
import { hookSecrets } from '@midjourney-api/shared/notices/hook-secrets';
import { signatureHeaders } from '@midjourney-api/shared/results/signature';
import { rotateAppKey, setUserDisabled } from '@midjourney-api/shared/users/change-user';
import { findUserByAppKey } from '@midjourney-api/shared/users/users';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { resume, shownAccount } from './account.ts';
import type { Client } from './client.ts';
import { pictureOf } from './pictures.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

let system: System;
let midjourney: SimulatorControl;
/** By name, so that a failure does not print one. */
const secrets = new Map<string, string>();
/** Everything that the story brought out, by where it was found. */
const found = new Map<string, string>();
const answers: string[] = [];

const wrongKey = `mj_${'w'.repeat(43)}`;
const hookToken = 'hook-token-5f1c9a';

beforeAll(async () => {
  system = await startSystem({
    ownServices: true,
    imageSize: 64,
    env: {
      LOG_LEVEL: 'trace',
      ALLOW_PRIVATE_HOOKS: '1',
      ACCOUNT_LEASE_MS: '1200',
      EVIDENCE_WINDOW_MS: '800',
      START_DEADLINE_MS: '2000',
    },
  });
  midjourney = new SimulatorControl(system.simulator.controlUrl);
  const [account] = system.simulator.accounts;
  if (!account || !system.services) throw new Error('the system has no account, or no services of its own');
  for (const [name, secret] of Object.entries({
    'the Discord user token': account.userToken,
    'the Discord bot token': account.botToken,
    'the webhook secret': system.webhookSecret,
    "the webhook secret's bytes": system.webhookSecret.replace('whsec_', ''),
    'the MySQL password': system.services.db.password,
    'the Redis password': new URL(system.redisUrl).password,
    'a wrong key': wrongKey,
    "a token in a hook's address": hookToken,
  })) {
    secrets.set(name, secret);
  }
});
afterAll(() => system.stop());

async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(`${system.apiUrl}${path}`, init);
  const text = await response.clone().text();
  answers.push(`${response.status} ${JSON.stringify([...response.headers])} ${text}`);
  return response;
}

const trigger = '/v1/api/trigger';
const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
const json = (key: string, body: unknown): RequestInit => ({
  method: 'POST',
  headers: { ...bearer(key), 'Content-Type': 'application/json' },
  body: JSON.stringify(body),
});

it('nothing that the system writes down or answers holds a secret', async () => {
  const user = await system.newUser(100);
  const operator = await system.newUser(0, 'operator');
  secrets.set("a user's key", user.appKey);
  secrets.set("an operator's key", operator.appKey);

  await goodDays(user);
  await wrongKeys(user, operator);
  await forgedResults();
  await troubleWithDiscord(user);
  const rotated = await keysReplaced();
  secrets.set('a replaced key', rotated.old);
  secrets.set('the key that replaced it', rotated.new);
  const owner = await findUserByAppKey(system.db, user.appKey);
  for (const [i, secret] of (await hookSecrets(system.db, owner?.id ?? 0)).entries()) {
    secrets.set(`the user's hook secret ${i}`, secret);
  }

  await readBullBoard(operator);
  await readRedis();
  readProcessList();
  found.set('the answers', answers.join('\n'));
  found.set('the logs', system.output());

  // Every part of the system has written of it.
  expect(found.get('the logs')).toMatch(/authentication failed/);
  expect(found.get('the logs')).toMatch(/"level":20/);
  expect(found.get('Redis')).toMatch(/task-\d+/);
  expect(found.get('Bull Board')).toMatch(/taskId/);
  expect(found.get('the process list')).toMatch(/api\/src\/main\.mjs/);

  const leaks = [...found].flatMap(([where, text]) =>
    [...secrets].filter(([, secret]) => holds(text, secret)).map(([name]) => `${name} is in ${where}`),
  );
  expect(leaks).toEqual([]);
  // The search itself sees a secret where there is one.
  expect(holds(`x${JSON.stringify({ key: user.appKey })}`, user.appKey)).toBe(true);
}, 120_000);

function holds(text: string, secret: string): boolean {
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64').replace(/=+$/, '')].some(
    (form) => text.includes(form),
  );
}

async function goodDays(user: Client): Promise<void> {
  const grid = await user.run('/imagine', {
    prompt: 'a quiet day',
    notify_hook: `https://127.0.0.1:9/hook?token=${hookToken}`,
  });
  await user.run('/upscale', { trigger_id: grid.trigger_id, index: 1 });
  const form = new FormData();
  form.append('file', await pictureOf('teal'), 'cat.png');
  const uploaded = await ask(`${trigger}/upload`, {
    method: 'POST',
    headers: bearer(user.appKey),
    body: form,
  });
  const { upload_filename } = (await uploaded.json()) as { upload_filename: string };
  await user.run('/describe', { upload_filename });
  expect((await ask(`${trigger}/message`, json(user.appKey, { upload_filename }))).status).toBe(200);
  for (const path of ['/me', '/tasks', `/task/${grid.trigger_id}`]) {
    await ask(trigger + path, { headers: bearer(user.appKey) });
  }
}

/** Keys where they do not belong, and keys that are none. */
async function wrongKeys(user: Client, operator: Client): Promise<void> {
  const key = user.appKey;
  const basic = (password: string) => ({ Authorization: `Basic ${btoa(`me:${password}`)}` });
  const refused = await Promise.all([
    ask(`${trigger}/me`, { headers: bearer(wrongKey) }),
    ask(`${trigger}/me`, { headers: { Authorization: `Token ${key}` } }),
    ask(`${trigger}/me`, { headers: { Authorization: key } }),
    ask(`${trigger}/me?app_key=${key}`),
    ask(`${trigger}/me`, { headers: { 'X-Api-Key': key, Cookie: `app_key=${key}` } }),
    ask(`${trigger}/task/${key}`, { headers: bearer(key) }),
    ask(`${trigger}/${key}`, { headers: bearer(key) }),
    ask(`/${key}`),
    ask(`${trigger}/imagine`, json(key, { app_key: key, prompt: { key } })),
    ask(`${trigger}/upscale`, json(key, { trigger_id: key, index: key })),
    ask(`${trigger}/imagine`, { ...json(key, {}), body: `{"prompt": ${key}` }),
    ask(`${trigger}/message`, json(key, { upload_filename: key })),
    ask('/admin/queues', { headers: basic(wrongKey) }),
    ask('/admin/queues', { headers: basic(key) }),
    ask('/admin/queues/api/queues/drawings/pause', { method: 'PUT', headers: basic(operator.appKey) }),
    ask('/healthz', { method: 'DELETE', headers: bearer(key) }),
  ]);
  for (const { status } of refused) expect(status).toBeGreaterThanOrEqual(400);
}

async function forgedResults(): Promise<void> {
  const path = `${trigger}/midjourney/result`;
  const body = JSON.stringify({ type: 'end', id: '1', trigger_id: '1234567890' });
  const forged = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const post = (headers: Record<string, string>, sent = body) =>
    ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: sent });
  const statuses = [
    await post({}),
    await post(signatureHeaders(forged, body)),
    await post({ ...bearer(system.webhookSecret), 'webhook-signature': system.webhookSecret }),
    await post(signatureHeaders(system.webhookSecret, '{"type":'), '{"type":'),
    await post(signatureHeaders(system.webhookSecret, body)),
  ].map(({ status }) => status);
  expect(statuses).toEqual([401, 401, 401, 400, 400]);
}

/** Everything that goes out to Discord carries a token: refused, failed, cut off, limited. */
async function troubleWithDiscord(user: Client): Promise<void> {
  const upload = async () => {
    const form = new FormData();
    form.append('file', await pictureOf('red'), 'cat.png');
    return ask(`${trigger}/upload`, { method: 'POST', headers: bearer(user.appKey), body: form });
  };
  for (const status of [401, 403, 500]) {
    await midjourney.fault({ kind: 'status', status, times: 4, match: { path: '/attachments' } });
    expect((await upload()).status).toBe(503);
    await midjourney.clearFaults();
    // Before anything else is sent, as a refused account sends nothing.
    if (status === 401) await resumedAfterRefusal();
  }
  for (const fault of [
    { kind: 'status', status: 500 },
    { kind: 'reset_after' },
    { kind: 'reset_before' },
    { kind: 'rate_limit', retryAfter: 0.2, global: true },
    { kind: 'status', status: 400, message: 'no' },
  ]) {
    await midjourney.fault({ ...fault, times: 1, match: { path: '/interactions' } });
    await user.ended(await user.submit('/imagine', { prompt: `trouble ${JSON.stringify(fault).length}` }));
    await midjourney.clearFaults();
  }
  await midjourney.dropGateway({ resumable: false });
  await user.run('/imagine', { prompt: 'after the gateway' });

  await midjourney.fault({ kind: 'status', status: 401, times: 1, match: { path: '/interactions' } });
  const id = await user.submit('/imagine', { prompt: 'refused' });
  await resumedAfterRefusal();
  await midjourney.clearFaults();
  await user.ended(id);
}

/** Discord does not know the token: the account is refused, until its operator resumes it. */
async function resumedAfterRefusal(): Promise<void> {
  await until('the account is refused', async () => (await shownAccount(system))?.state === 'refused');
  await resume(system);
}

async function keysReplaced(): Promise<{ old: string; new: string }> {
  const user = await system.newUser(1);
  const { userName = '' } = (await findUserByAppKey(system.db, user.appKey)) ?? {};
  const { appKey } = await rotateAppKey(system.db, userName);
  expect((await ask(`${trigger}/me`, { headers: bearer(user.appKey) })).status).toBe(403);
  await setUserDisabled(system.db, userName, true);
  expect((await ask(`${trigger}/me`, { headers: bearer(appKey) })).status).toBe(403);
  return { old: user.appKey, new: appKey };
}

async function readBullBoard(operator: Client): Promise<void> {
  const headers = { Authorization: `Basic ${btoa(`me:${operator.appKey}`)}` };
  const read = async (path: string) =>
    (await fetch(`${system.apiUrl}/admin/queues${path}`, { headers })).text();
  const { queues } = JSON.parse(await read('/api/queues')) as { queues: { name: string }[] };
  const pages = await Promise.all(
    queues.flatMap(({ name }) =>
      ['latest', 'completed', 'failed', 'waiting', 'active', 'delayed'].map((status) =>
        read(`/api/queues?activeQueue=${name}&status=${status}&jobsPerPage=100`),
      ),
    ),
  );
  found.set('Bull Board', [...pages, await read('/api/redis/stats')].join('\n'));
}

/** Every key of Redis with all that is in it. */
async function readRedis(): Promise<void> {
  const redis = new Redis(system.redisUrl);
  const read: Record<string, (key: string) => Promise<unknown>> = {
    string: (key) => redis.get(key),
    hash: (key) => redis.hgetall(key),
    list: (key) => redis.lrange(key, 0, -1),
    set: (key) => redis.smembers(key),
    zset: (key) => redis.zrange(key, '0', '-1'),
    stream: (key) => redis.xrange(key, '-', '+'),
  };
  const dumped: string[] = [];
  for await (const keys of redis.scanStream({ count: 500 })) {
    for (const key of keys as string[]) {
      // The bytes of pictures, which are gone after two minutes.
      if (key.includes(':upload:')) continue;
      const type = await redis.type(key);
      dumped.push(`${key} ${JSON.stringify(await read[type]?.(key))}`);
    }
  }
  redis.disconnect();
  expect(dumped.length).toBeGreaterThan(10);
  found.set('Redis', dumped.join('\n'));
}

/** What everybody on the machine can see of every process. */
function readProcessList(): void {
  const commands = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
  found.set('the process list', commands.join('\n'));
}
