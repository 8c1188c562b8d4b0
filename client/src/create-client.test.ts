import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClient, type MidjourneyClient } from './create-client.ts';
import { submitPaths } from './routes/submit.ts';
import type { operations } from './schema.ts';
import { TaskHandle } from './tasks/task-handle.ts';
import { openService, type Service } from './testing/open-service.ts';
import { verifyHook } from './verify-hook.ts';

let service: Service;
let mj: MidjourneyClient;
beforeAll(async () => {
  service = await openService();
});
afterAll(() => service.close());
beforeEach(async () => {
  mj = await service.client();
});

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The methods of the routes that have no method of the same name. The compiler asks for what is missing. */
const methods: Record<Exclude<keyof operations, keyof MidjourneyClient>, string> = {
  getTask: 'task.refresh',
  streamTaskEvents: 'task.follow',
  getRelatives: 'task.relatives',
  getSeed: 'task.seed',
  cancelTask: 'task.cancel',
  releaseTask: 'task.release',
  claimTask: 'task.claim',
  imagineAll: 'task.imagineAll',
  listTasks: 'mj.tasks',
  postMessage: 'mj.pictureLink',
  getMe: 'mj.me',
  getUsage: 'mj.usage',
  getImage: 'mj.picture',
  getPreview: 'mj.picture',
  listAccounts: 'mj.accounts',
  getAccountInfo: 'mj.accountInfo',
  getAccountSettings: 'mj.accountSettings',
  listAudit: 'mj.audit',
  getHealth: 'mj.health',
  getReadiness: 'mj.readiness',
  getMetrics: 'mj.metrics',
};

describe('every route has a method', () => {
  test.each(Object.entries(methods))('%s has %s', (_route, method) => {
    const [of, name = ''] = method.split('.');
    const owner: object = of === 'task' ? TaskHandle.prototype : mj;
    expect(Reflect.get(owner, name)).toBeTypeOf('function');
  });

  test.each(Object.entries(submitPaths))('%s submits to %s', async (name, path) => {
    const { paths } = (await (await fetch(`${service.line.url}/openapi.json`)).json()) as {
      paths: Record<string, { post?: { operationId: string } }>;
    };
    expect(paths[`/v1/api/trigger${path}`]?.post?.operationId).toBe(name);
    expect(Reflect.get(mj, name)).toBeTypeOf('function');
  });
});

describe('the methods', () => {
  test('of your tasks read page after page, as far as they are read', async () => {
    const ids: string[] = [];
    for (let n = 1; n <= 5; n++) ids.unshift((await mj.imagine({ prompt: `cat ${n}` })).id);
    service.line.requests.length = 0;
    expect((await allOf(mj.tasks({ limit: 2 }))).map(({ id, task }) => [id, task.prompt])).toEqual(
      ids.map((id, at) => [id, `cat ${5 - at}`]),
    );
    expect(service.line.requests).toHaveLength(3);
    for await (const { id } of mj.tasks({ limit: 2, status: 'queued' })) {
      expect(id).toBe(ids[0]);
      break;
    }
    expect(service.line.requests).toHaveLength(4);
    expect(await allOf(mj.tasks({ status: 'succeeded' }))).toEqual([]);
  });

  test('of your account answer as the routes do', async () => {
    await mj.imagine({ prompt: 'a cat' });
    expect(await mj.me()).toMatchObject({ token_total: 100, token_use: 1, token_left: 99 });
    expect(await mj.usage({ by: 'month' })).toMatchObject({ data: expect.anything() });
    expect(await mj.checkPrompt({ prompt: 'a cat --ar 0:0' })).toMatchObject({ ok: false });
  });

  test('of operators are refused to others, and answer to them', async () => {
    await expect(mj.accounts()).rejects.toMatchObject({ code: 'forbidden' });
    const { appKey } = await service.api.client('chief', 10, 'operator');
    const chief = await service.client({ appKey });
    expect((await chief.accounts()).data).toEqual([expect.objectContaining({ name: 'default' })]);
    expect(await allOf(chief.audit({ limit: 1 }))).toEqual([]);
    expect(await chief.readiness()).toMatchObject({ status: 'ok' });
    expect(await chief.health()).toEqual({ status: 'ok' });
    expect(await chief.metrics()).toContain('midjourney_');
  });

  test('of a route that is newer than the package: submit, and raw', async () => {
    const task = await mj.submit('/imagine', { prompt: 'a cat' });
    const { data, response } = await mj.raw.GET('/v1/api/trigger/task/{id}', {
      params: { path: { id: task.id } },
    });
    expect([response.status, data?.prompt]).toEqual([200, 'a cat']);
  });
});

test('a base URL may end in a slash', async () => {
  const { appKey } = await service.api.client('slash');
  const client = createClient({ baseUrl: `${service.line.url}/`, appKey });
  expect(await client.me()).toMatchObject({ user_name: 'slash' });
});

test('without a key none is sent', async () => {
  const { requests } = service.line;
  const client = createClient({ baseUrl: service.line.url });
  await expect(client.me()).rejects.toMatchObject({ code: 'auth_failed' });
  expect(requests.at(-1)?.headers).not.toHaveProperty('authorization');
});

describe('a notice to a hook', () => {
  const secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
  const body = JSON.stringify({ type: 'task.succeeded', timestamp: '2026-01-01T12:00:41.903Z', data: {} });
  const signed = (at = new Date()) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
    'webhook-signature': new Webhook(secret).sign('msg_1', at, body),
  });

  test.each([
    ['text and a plain object', body, signed()],
    ['bytes and the headers of fetch', new TextEncoder().encode(body), new Headers(signed())],
    ['the headers of Node, some of which are lists', body, { ...signed(), 'set-cookie': ['a', 'b'] }],
  ])('is read from %s', (_from, raw, headers) => {
    expect(verifyHook(raw, headers, secret)).toEqual(JSON.parse(body));
    expect(mj.verifyHook(raw, headers, secret)).toEqual(JSON.parse(body));
  });

  test.each([
    ['its body was changed', body.replace('succeeded', 'failed'), signed(), secret],
    ['it is older than five minutes', body, signed(new Date(Date.now() - 301_000)), secret],
    ['it has no signature', body, {}, secret],
    ['the secret is another', body, signed(), `whsec_${Buffer.alloc(32, 8).toString('base64')}`],
  ])('is refused when %s', (_why, raw, headers, key) => {
    expect(() => verifyHook(raw, headers, key)).toThrow();
  });
});
