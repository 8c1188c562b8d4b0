import { once } from 'node:events';
import { connectRedis } from '@midjourney-api/shared/redis';
import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { testPrefix } from '../../../../test/database.ts';
import { startStallingProxy } from '../../../../test/stalling-proxy.ts';
import { createApp } from '../../app.ts';
import { openTestApi, readAnswer, type TestApi, type TestClient } from '../../testing/open-test-api.ts';
import { type AppEnv, apiPrefix } from '../app-env.ts';
import { createRequestLimits } from './request-limits.ts';

let api: TestApi;
let client: TestClient;
let names = 0;

beforeAll(async () => {
  api = await openTestApi({
    RATE_LIMIT_PER_KEY: '5',
    RATE_LIMIT_PER_ADDRESS: '8',
    AUTH_FAILURES_PER_ADDRESS: '3',
  });
});
afterAll(() => api.close());
beforeEach(async () => {
  client = await api.client(`user-${++names}`);
});

let addresses = 0;
/** An address that nobody has used yet. */
function newAddress(): string {
  return `203.0.113.${++addresses}`;
}

interface Asked {
  request(path: string, init: RequestInit, env: object): Response | Promise<Response>;
}

async function ask(
  address: string,
  appKey: string,
  { path = `${apiPrefix}/me`, app = api.app as Asked, scheme = 'Bearer', method = 'GET' } = {},
) {
  const headers = { Authorization: `${scheme} ${scheme === 'Basic' ? btoa(`any:${appKey}`) : appKey}` };
  const env = { incoming: { socket: { remoteAddress: address } } };
  return readAnswer(await app.request(path, { method, headers }, env));
}

async function statuses(count: number, request: (i: number) => Promise<{ status: number }>) {
  const seen: number[] = [];
  for (let i = 0; i < count; i++) seen.push((await request(i)).status);
  return seen;
}

describe('requests', () => {
  test('are answered with what is left for the key and for the address', async () => {
    const address = newAddress();
    const first = await ask(address, client.appKey);
    expect(first.headers.get('RateLimit-Policy')).toBe('"key";q=5;w=60, "address";q=8;w=60');
    expect(first.headers.get('RateLimit')).toMatch(/^"key";r=4;t=\d+, "address";r=7;t=\d+$/);
    const missing = await ask(address, client.appKey, { path: `${apiPrefix}/task/1234567890?wait=1` });
    expect(missing.status).toBe(404);
    expect(missing.headers.get('RateLimit')).toMatch(/^"key";r=3;t=\d+, "address";r=6;t=\d+$/);
  });

  test('beyond the limit of a key are refused, on every replica, and other keys are not', async () => {
    const replica = createApp(api.deps);
    const answers = await statuses(4, (i) => ask(newAddress(), client.appKey, i % 2 ? { app: replica } : {}));
    expect(answers).toEqual([200, 200, 200, 200]);
    expect((await ask(newAddress(), client.appKey, { app: replica })).status).toBe(200);
    const { status, headers, json } = await ask(newAddress(), client.appKey);
    expect([status, json.code, json['violated-policies']]).toEqual([429, 'rate_limited', ['key']]);
    expect(headers.get('Content-Type')).toBe('application/problem+json');
    expect(Number(headers.get('Retry-After'))).toBeGreaterThan(50);
    expect(headers.get('RateLimit')).toMatch(/^"key";r=0;t=\d+/);
    expect(json.detail).toMatch(/^Too many requests came with your key: at most 5 a minute/);
    const other = await api.client(`other-${names}`);
    expect((await ask(newAddress(), other.appKey)).status).toBe(200);
  });

  test('beyond the limit of an address are refused, whosever key they carry, or none', async () => {
    const address = newAddress();
    const keys = [client.appKey, (await api.client(`second-${names}`)).appKey];
    expect(await statuses(6, (i) => ask(address, keys[i % 2] ?? ''))).toEqual(Array(6).fill(200));
    expect(await statuses(2, () => ask(address, 'a b'))).toEqual([403, 403]);
    expect(await statuses(2, () => ask(address, 'a b'))).toEqual([429, 429]);
    expect((await ask(address, client.appKey)).json['violated-policies']).toEqual(['address']);
  });

  test('of workers and orchestrators are not limited', async () => {
    const address = newAddress();
    const answers = await statuses(10, () =>
      ask(address, '', { path: `${apiPrefix}/midjourney/result`, method: 'POST' }),
    );
    expect(new Set(answers)).toEqual(new Set([401]));
    expect(await statuses(10, () => ask(address, '', { path: '/healthz' }))).toEqual(Array(10).fill(200));
  });

  test('are not limited where the limits are 0', async () => {
    const { config, redis } = api.deps;
    const limits = createRequestLimits({
      redis,
      config: { ...config, RATE_LIMIT_PER_KEY: 0, RATE_LIMIT_PER_ADDRESS: 0, AUTH_FAILURES_PER_ADDRESS: 0 },
    });
    const app = new Hono<AppEnv>().get('/', async (c) => {
      await limits.countFailure(c, 'mj_wrong');
      await limits.beforeLookUp(c, ['mj_wrong']);
      await limits.countRequest(c, undefined);
      return c.text('ok');
    });
    const address = newAddress();
    expect(await statuses(20, () => ask(address, '', { path: '/', app }))).toEqual(Array(20).fill(200));
  });
});

describe('wrong keys', () => {
  const lookUps = () => api.logged.filter(({ msg }) => /authentication failed/.test(String(msg))).length;

  test('close an address to keys that have not worked yet, without a look at them', async () => {
    const address = newAddress();
    const neighbour = await api.client(`neighbour-${names}`);
    expect((await ask(address, neighbour.appKey)).status).toBe(200);
    expect(await statuses(3, (i) => ask(address, `mj_guess${i}`))).toEqual([403, 403, 403]);
    const before = lookUps();
    const { status, json, headers } = await ask(address, 'mj_guess4');
    expect([status, json.code]).toEqual([429, 'rate_limited']);
    expect(json.detail).toMatch(/^Too many wrong keys came from your address. Try again in \d+ seconds/);
    expect(Number(headers.get('Retry-After'))).toBeLessThanOrEqual(60);
    expect((await ask(address, client.appKey)).status).toBe(429);
    expect(lookUps()).toBe(before);
    // Clients that share the address with the guesser keep working, and so does everybody elsewhere.
    expect((await ask(address, neighbour.appKey)).status).toBe(200);
    expect((await ask(newAddress(), client.appKey)).status).toBe(200);
  });

  test('are counted over all replicas, and those for Bull Board with them', async () => {
    const address = newAddress();
    const replica = createApp(api.deps);
    const board = { path: '/admin/queues', scheme: 'Basic' };
    expect((await ask(address, 'mj_guess1')).status).toBe(403);
    expect((await ask(address, 'mj_guess2', board)).status).toBe(401);
    expect((await ask(address, 'mj_guess3', { ...board, app: replica })).status).toBe(401);
    expect((await ask(address, 'mj_guess4', { ...board, app: replica })).status).toBe(429);
    expect((await ask(address, 'mj_guess5')).status).toBe(429);
  });

  test('from anywhere in the same /64 of IPv6 count together', async () => {
    const answers = await statuses(4, (i) => ask(`2001:db8:7:7::${i + 1}`, `mj_guess${i}`));
    expect(answers).toEqual([403, 403, 403, 429]);
  });

  test('a request without a key is none, so it closes nothing', async () => {
    const address = newAddress();
    expect(await statuses(5, () => ask(address, ''))).toEqual(Array(5).fill(403));
    expect((await ask(address, client.appKey)).status).toBe(200);
  });
});

describe('without an answer of Redis', () => {
  async function stallableRedis() {
    const url = new URL(inject('services').redisUrl);
    const proxy = await startStallingProxy(Number(url.port), url.hostname);
    url.port = String(proxy.port);
    const redis = connectRedis(url.href, api.deps.log);
    await once(redis, 'ready');
    return {
      redis,
      stall: proxy.stall,
      close: async () => {
        redis.disconnect();
        await proxy.close();
      },
    };
  }

  test.each(['frozen', 'gone'])('(%s) requests continue, each process counts for itself', async (how) => {
    const broken = await stallableRedis();
    const config = { ...api.deps.config, REDIS_PREFIX: testPrefix() };
    const app = createApp({ ...api.deps, config, redis: broken.redis });
    const address = newAddress();
    expect((await ask(address, client.appKey, { app })).status).toBe(200);
    if (how === 'frozen') broken.stall();
    else broken.redis.disconnect();
    const start = performance.now();
    expect(await statuses(6, () => ask(address, client.appKey, { app }))).toEqual([
      200, 200, 200, 200, 200, 429,
    ]);
    expect(performance.now() - start).toBeLessThan(6_000);
    await broken.close();
  });
});
