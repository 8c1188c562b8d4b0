import { signatureHeaders } from '@midjourney-api/shared/results/signature';
import { setUserDialect } from '@midjourney-api/shared/users/change-user';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestApi, type TestApi, type TestClient, webhookSecret } from './testing/open-test-api.ts';
import { withTimeLimit } from './time-limit.ts';

let api: TestApi;
let client: TestClient;
beforeAll(async () => {
  api = await openTestApi({ RATE_LIMIT_PER_KEY: '0' });
  client = await api.client('someone', 1_000_000);
});
afterAll(() => api.close());

const prefix = '/v1/api/trigger';

/** What becomes of halves of characters on their way. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

/** The server reads a body without the mark at its start. */
function asReceived(body: string): string {
  return wellFormed(body).replace(/^\ufeff/, '');
}

/** Numbers and texts that have broken parsers, databases and people before. */
const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    '',
    ' ',
    0,
    -1,
    1.5,
    1e308,
    -0,
    Number.MAX_SAFE_INTEGER,
    '9223372036854775808',
    '1234567890',
    '\u0000',
    '\ud800',
    '😀'.repeat(2_000),
    'x'.repeat(70_000),
    "'; drop table tasks; --",
    '{{7*7}}',
    'http://',
    'https://exa mple',
    '../../etc/passwd',
    '__proto__',
    [],
    {},
  ),
  fc.jsonValue(),
);

/** Bodies with the fields that routes know, each holding something, and fields that nobody knows. */
const known = fc
  .dictionary(
    fc.constantFrom(
      'prompt',
      'picurl',
      'trigger_id',
      'msg_id',
      'msg_hash',
      'index',
      'direction',
      'zoomout',
      'upload_filename',
      'state',
      'notify_hook',
      'type',
      'id',
      'content',
      'attachments',
      'embeds',
      'components',
      'flags',
      'progress',
      'reason',
      'taskId',
      'action',
      'content',
      'base64Array',
      'base64',
      'botType',
      'accountFilter',
      'notifyHook',
      'ids',
      '__proto__',
      'constructor',
    ),
    nasty,
  )
  .map((body) => JSON.stringify(body));
/** Of the right form, so that it gets further. */
const likely = fc
  .record({
    prompt: fc.string({ unit: 'binary' }),
    trigger_id: fc.bigInt({ min: 0n, max: 10n ** 19n }).map(String),
    index: fc.integer({ min: 0, max: 5 }),
    direction: fc.constantFrom('left', 'up', 'north'),
    zoomout: fc.constantFrom(50, 75, 100),
    upload_filename: fc.string({ unit: 'binary', maxLength: 300 }),
    state: fc.option(fc.string({ unit: 'binary', maxLength: 1_100 })),
    type: fc.constantFrom('start', 'generating', 'end', 'text', 'error', 'banned', 'verify'),
    id: fc.bigInt({ min: 0n, max: 10n ** 20n }).map(String),
    progress: fc.integer({ min: 0, max: 100 }),
    taskId: fc.bigInt({ min: 0n, max: 10n ** 17n }).map(Number),
    action: fc.constantFrom('UPSCALE', 'VARIATION', 'REROLL', 'ZOOM'),
    content: fc.stringMatching(/^\d{1,17} [uUvVrRx][0-9]?$/),
    base64Array: fc.array(fc.string({ unit: 'binary' }), { maxLength: 3 }),
    mode: fc.constantFrom('FAST', 'relax', 'slow'),
    ids: fc.array(fc.bigInt({ min: 0n, max: 10n ** 19n }).map(String), { maxLength: 5 }),
  })
  .map((body) => JSON.stringify(body));
const body = fc.oneof(
  known,
  likely,
  fc.json(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '[',
    '['.repeat(200_000),
    `{"prompt":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
    `{"index":${'9'.repeat(100_000)}}`,
    '{"index":1e400,"prompt":"a"}',
    '{"prompt":"a","prompt":null}',
    '{"__proto__":{"prompt":"a"}}',
    '\ufeff{}',
    'null',
  ),
);

const headerValue = fc.string({ unit: 'grapheme-ascii', maxLength: 300 }).map((text) => text.trim());
const headers = fc.record(
  {
    'Content-Type': fc.constantFrom(
      'application/json',
      'application/json; charset=utf-16',
      'text/plain',
      'multipart/form-data',
      'multipart/form-data; boundary=x',
      'application/x-www-form-urlencoded',
      'image/png',
      '',
    ),
    'Idempotency-Key': headerValue,
    'If-None-Match': headerValue,
    'Last-Event-ID': headerValue,
    Accept: fc.constantFrom('*/*', 'text/html', 'nonsense'),
    'X-Request-Id': headerValue,
    'X-Forwarded-For': headerValue,
    Range: headerValue,
    Cookie: headerValue,
  },
  { requiredKeys: [] },
);

const segment = fc.oneof(
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: 30 })
    .map((text) => encodeURIComponent(wellFormed(text))),
  fc.constantFrom(
    '1234567890',
    '9223372036854775808',
    '%',
    '%00',
    '%ff',
    '..',
    '%2e%2e',
    '0',
    '-1',
    'x'.repeat(3_000),
  ),
);
const query = fc
  .array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom('wait', 'limit', 'cursor', 'status', 'trigger_type', 'page'),
        fc.string({ maxLength: 5 }),
      ),
      fc.oneof(
        fc.constantFrom('0', '1', '-1', '1e9', 'NaN', '', '101', 'queued', 'Zg'),
        fc.string({ unit: 'binary' }),
      ),
    ),
    { maxLength: 4 },
  )
  .map((entries) =>
    entries
      .map(
        ([name, value]) => `${encodeURIComponent(wellFormed(name))}=${encodeURIComponent(wellFormed(value))}`,
      )
      .join('&'),
  );

/** @throws when the answer is no answer to a client's mistake, or to nothing wrong at all. */
async function expectCivilAnswer(method: string, path: string, init: RequestInit): Promise<number> {
  const response = await withTimeLimit(Promise.resolve(api.app.request(path, { ...init, method })), 5_000);
  const text = await withTimeLimit(response.text(), 5_000);
  expect(response.status, text).toBeLessThan(500);
  if (path.startsWith('/mj/')) {
    expect(response.headers.get('Content-Type')).toBe('application/json; charset=utf-8');
    const answer = JSON.parse(text);
    if (!Array.isArray(answer))
      expect(answer).toMatchObject({ code: expect.any(Number), description: expect.stringMatching(/\S/) });
  } else if (response.status >= 400) {
    expect(response.headers.get('Content-Type')).toBe('application/problem+json');
    expect(JSON.parse(text)).toMatchObject({
      status: response.status,
      code: expect.any(String),
      detail: expect.stringMatching(/\S/),
      request_id: expect.any(String),
    });
  }
  return response.status;
}

const mjPosts = [
  '/mj/submit/imagine',
  '/mj/submit/change',
  '/mj/submit/simple-change',
  '/mj/task/list-by-condition',
];

const posts = [
  '/imagine',
  '/upscale',
  '/variation',
  '/reset',
  '/solo_variation',
  '/solo_low_variation',
  '/solo_high_variation',
  '/expand',
  '/zoomout',
  '/describe',
  '/message',
  '/queue/release',
  '/upload',
];

describe('whatever is sent, the answer says what is wrong with it', () => {
  test.each([...posts.map((path) => prefix + path), ...mjPosts])('POST %s', async (path) => {
    await fc.assert(
      fc.asyncProperty(
        body,
        fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: headers }),
        async (sent, more) => {
          const init = {
            body: sent,
            headers: {
              'Content-Type': 'application/json',
              ...more,
              Authorization: `Bearer ${client.appKey}`,
            },
          };
          await expectCivilAnswer('POST', path, init);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('in the dialect of the older service too', async () => {
    const older = await api.client('older', 1_000_000);
    await setUserDialect(api.deps.db, older.userName, 'original');
    const request = fc.oneof(
      fc.record({ method: fc.constant('POST'), path: fc.constantFrom(...posts, '/queue/cleanup'), body }),
      fc.record({
        method: fc.constant('GET'),
        path: fc.oneof(
          segment.map((id) => `/task/${id}`),
          segment.map((id) => `/result/${id}`),
          query.map((search) => `/tasks?${search}`),
          fc.tuple(segment, segment).map(([limit, offset]) => `/tasks?limit=${limit}&offset=${offset}`),
        ),
      }),
    );
    await fc.assert(
      fc.asyncProperty(request, async ({ path, ...init }) => {
        const headers = { Authorization: `Bearer ${older.appKey}` };
        const answer = api.app.request(prefix + path, { ...init, headers });
        const response = await withTimeLimit(Promise.resolve(answer), 5_000);
        const text = await response.text();
        expect(response.status, text).toBeLessThan(500);
        expect(JSON.parse(text)).toBeTypeOf('object');
      }),
      { numRuns: 500 },
    );
  });

  test('POST /upload of any form', async () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array({ maxLength: 3_000 }).map((bytes) => new File([bytes], 'a.png')),
      fc
        .uint8Array({ maxLength: 3_000 })
        .map((bytes) => new File([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), bytes], 'a.png')),
      fc
        .uint8Array({ maxLength: 500 })
        .map((bytes) => new File([Buffer.from('GIF89a', 'latin1'), bytes], 'a.gif')),
    );
    const form = fc.array(fc.tuple(fc.constantFrom('file', 'other', '__proto__'), part), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(form, async (parts) => {
        const data = new FormData();
        for (const [name, value] of parts) {
          if (typeof value === 'string') data.append(name, value);
          else data.append(name, value);
        }
        const init = { body: data, headers: { Authorization: `Bearer ${client.appKey}` } };
        expect(await expectCivilAnswer('POST', `${prefix}/upload`, init)).toBeGreaterThanOrEqual(400);
      }),
      { numRuns: 60 },
    );
  });

  test('POST /midjourney/result, signed', async () => {
    await fc.assert(
      fc.asyncProperty(body, async (sent) => {
        const init = {
          body: sent,
          headers: {
            'Content-Type': 'application/json',
            ...signatureHeaders(webhookSecret, asReceived(sent)),
          },
        };
        expect(await expectCivilAnswer('POST', `${prefix}/midjourney/result`, init)).not.toBe(401);
      }),
      { numRuns: 150 },
    );
  });

  test('any method, path, query and header, with a key, a wrong one and none', async () => {
    const method = fc.constantFrom(
      'GET',
      'GET',
      'GET',
      'POST',
      'PUT',
      'DELETE',
      'PATCH',
      'OPTIONS',
      'NONSENSE',
    );
    const path = fc.oneof(
      segment.map((id) => `${prefix}/task/${id}`),
      segment.map((id) => `${prefix}/task/${id}/events`),
      fc.constantFrom(...['/tasks', '/me', '/imagine', '/midjourney/result'].map((route) => prefix + route)),
      segment.map((name) => `${prefix}/${name}`),
      fc.constantFrom('/', '/docs', '/docs/', '/openapi.json', '/healthz', '/readyz', '/admin/queues'),
      fc.array(segment, { maxLength: 4 }).map((segments) => `/${segments.join('/')}`),
      segment.map((name) => `/admin/queues/api/queues/${name}`),
      segment.map((name) => `/docs/${name}`),
    );
    const authorization = fc.oneof(
      { weight: 3, arbitrary: fc.constant('good') },
      {
        weight: 1,
        arbitrary: fc.constantFrom('', 'Bearer', 'Bearer x', 'Basic Og==', 'Basic %%', 'Basic', 'Digest x'),
      },
      { weight: 1, arbitrary: headerValue },
    );
    await fc.assert(
      fc.asyncProperty(
        method,
        path,
        query,
        headers,
        authorization,
        async (verb, address, search, more, given) => {
          const sent = given === 'good' ? `Bearer ${client.appKey}` : given;
          const init = { headers: { ...more, ...(sent && { Authorization: sent }) } };
          await expectCivilAnswer(verb, `${address}?${search}`, init);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
