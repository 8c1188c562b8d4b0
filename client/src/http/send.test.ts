import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { MidjourneyClient } from '../create-client.ts';
import type { Mishap } from '../testing/bad-line.ts';
import { openService, type Service } from '../testing/open-service.ts';
import { NoAnswer } from './no-answer.ts';
import { ProblemError } from './problem-error.ts';

let service: Service;
let mj: MidjourneyClient;
beforeAll(async () => {
  service = await openService();
});
afterAll(() => service.close());
beforeEach(async () => {
  mj = await service.client();
  service.line.next();
  service.line.always(() => undefined);
  service.line.requests.length = 0;
});

const keysSent = () => service.line.requests.map(({ headers }) => headers['idempotency-key']);
const queueFull: Mishap = { status: 503, headers: { 'retry-after': '0' }, body: '{"code":"queue_full"}' };

describe('a submit', () => {
  test.each<[what: string, mishap: Mishap]>([
    ['is dropped on its way', 'dropped'],
    ['is accepted, and its answer lost', 'answer lost'],
    ['is accepted, and its answer cut off', 'cut'],
    ['finds too many tasks waiting', queueFull],
    ['comes too often', { status: 429, headers: { 'retry-after': '0' } }],
    ['finds a proxy without a service behind it', { status: 502, body: '<html>Bad Gateway</html>' }],
  ])('that %s is one task, and costs one token', async (_what, mishap) => {
    service.line.next(mishap);
    const task = await mj.imagine({ prompt: 'a lighthouse' });
    const [first, second, ...more] = keysSent();
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect([second, more]).toEqual([first, []]);
    expect(await mj.me()).toMatchObject({ token_use: 1 });
    const listed: string[] = [];
    for await (const { id } of mj.tasks()) listed.push(id);
    expect(listed).toEqual([task.id]);
  });

  test('that is not answered is repeated when the patience is over', async () => {
    mj = await service.client({ patienceMs: 200 });
    service.line.next('silence');
    await mj.imagine({ prompt: 'a lighthouse' });
    const keys = keysSent();
    expect(keys.length).toBeGreaterThan(1);
    expect(new Set(keys).size).toBe(1);
  });

  test('with a file is repeated whole', async () => {
    service.line.next('dropped', 'dropped');
    const images = [1, 2].map((n) => new Blob([`no picture ${n}`], { type: 'image/png' }));
    await expect(mj.blend({ images })).rejects.toMatchObject({ code: 'unsupported_image', status: 415 });
    expect(new Set(keysSent()).size).toBe(1);
    expect(keysSent()).toHaveLength(3);
  });

  test('has a key of its own each time, unless it is given one', async () => {
    const [a, b] = await Promise.all([mj.imagine({ prompt: 'a' }), mj.imagine({ prompt: 'a' })]);
    expect(a.id).not.toBe(b.id);
    const order = { idempotencyKey: 'order 7' };
    const first = await mj.imagine({ prompt: 'a' }, order);
    expect((await mj.imagine({ prompt: 'a' }, order)).id).toBe(first.id);
    await expect(mj.imagine({ prompt: 'b' }, order)).rejects.toMatchObject({ code: 'idempotency_conflict' });
  });
});

describe('what is refused', () => {
  test('is a ProblemError with the fields that are wrong, and is not repeated', async () => {
    const error = await mj.imagine({ prompt: ' ' }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({
      code: 'invalid_request',
      status: 400,
      message: error.detail,
      errors: [{ path: 'prompt' }],
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      retryAfter: undefined,
    });
    expect(service.line.requests).toHaveLength(1);
  });

  test('says after how many seconds it may be tried again, when that is later than the client waits', async () => {
    service.line.always(() => ({
      status: 503,
      headers: { 'retry-after': '7', 'content-type': 'application/problem+json' },
      body: '{"code":"queue_full","detail":"Too many tasks are waiting."}',
    }));
    const refused = mj.imagine({ prompt: 'a cat' });
    await expect(refused).rejects.toMatchObject({ code: 'queue_full', retryAfter: 7 });
    expect(service.line.requests).toHaveLength(1);
  });

  test('by a proxy is a ProblemError, too', async () => {
    service.line.always(() => ({ status: 413, body: '<html>Too large</html>' }));
    await expect(mj.me()).rejects.toMatchObject({
      code: 'unexpected_answer',
      status: 413,
      detail: 'The answer was 413, and not one of the service.',
    });
  });

  test('is so for a wrong key, an unknown task and an empty balance', async () => {
    await expect((await service.client({ appKey: 'mj_wrong' })).me()).rejects.toMatchObject({
      code: 'auth_failed',
      status: 403,
    });
    await expect(mj.task('1767323045678400').refresh()).rejects.toMatchObject({ code: 'not_found' });
    const { appKey } = await service.api.client('poor', 0);
    const poor = await service.client({ appKey });
    await expect(poor.imagine({ prompt: 'a cat' })).rejects.toMatchObject({
      code: 'insufficient_tokens',
      status: 429,
    });
  });
});

describe('what cannot be reached', () => {
  test('is NoAnswer, with the reason, and without the key', async () => {
    service.line.always(() => 'dropped');
    mj = await service.client({ retries: 2, appKey: 'mj_secret' });
    const error = await mj.me().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(NoAnswer);
    expect(error.attempts).toBe(3);
    expect(error.message).toMatch(
      /^GET http:\/\/127\.0\.0\.1:\d+\/v1\/api\/trigger\/me had no answer, tried 3 times: \S/,
    );
    expect(JSON.stringify([error.message, error.stack])).not.toContain('mj_secret');
    expect(service.line.requests).toHaveLength(3);
  });
});

describe('a request that is aborted', () => {
  test.each<[when: string, mishap: Mishap]>([
    ['while it waits for its answer', 'silence'],
    ['while it waits to be repeated', { status: 503, headers: { 'retry-after': '60' } }],
  ])('%s ends at once, with the reason', async (_when, mishap) => {
    mj = await service.client({ longestDelayMs: 100_000 });
    service.line.always(() => mishap);
    const stop = new AbortController();
    const asked = mj.imagine({ prompt: 'a cat' }, { signal: stop.signal });
    await expect.poll(() => service.line.requests.length).toBe(1);
    stop.abort(new Error('The shop has closed.'));
    await expect(asked).rejects.toThrow('The shop has closed.');
  });

  test('before it was sent is not sent', async () => {
    await expect(mj.me({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(service.line.requests).toHaveLength(0);
  });
});
