import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mjClient } from '../../testing/mj-client.ts';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi({ PUBLIC_URL: 'https://pictures.example' });
});
afterAll(() => api.close());

type Content = Record<string, { example?: unknown; examples?: object }>;

interface Operation {
  tags?: string[];
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
}
interface OpenApi {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, { post: Operation }>;
}

async function document(): Promise<OpenApi> {
  return (await (await api.app.request('/openapi.json')).json()) as OpenApi;
}

describe('/openapi.json', () => {
  test('is OpenAPI 3.1 and has every route', async () => {
    const { openapi, paths, servers } = await document();
    expect(openapi).toMatch(/^3\.1\./);
    expect(servers).toEqual([{ url: 'https://pictures.example' }]);
    const registered = api.app.routes
      .filter(({ method, path }) => method !== 'ALL' && /^\/(v1|mj\/|healthz|readyz|metrics)/.test(path))
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    const documented = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(new Set(documented)).toEqual(new Set(registered));
    expect(documented.length).toBeGreaterThan(28);
  });

  test('has /imagine first', async () => {
    const { paths } = await document();
    const submits = Object.entries(paths).filter(([, { post }]) => post?.tags?.includes('Submit'));
    expect(submits[0]?.[0]).toBe('/v1/api/trigger/imagine');
  });

  test('has an example for each body and each answer', async () => {
    const { paths } = await document();
    const without = Object.entries(paths).flatMap(([path, operations]) =>
      Object.values(operations).flatMap(({ requestBody, responses }) =>
        [requestBody, ...Object.values(responses)]
          .flatMap((part) => Object.values(part?.content ?? {}))
          .filter(({ example, examples }) => example === undefined && examples === undefined)
          .map(() => path),
      ),
    );
    expect(without).toEqual([]);
  });

  test('says what a notify_hook is sent', async () => {
    const { webhooks } = await document();
    expect(webhooks.task?.post.requestBody?.content['application/json']?.example).toMatchObject({
      type: 'task.succeeded',
      data: { status: 'succeeded' },
    });
  });

  test('its request examples are accepted by the very schemas', async () => {
    const client = await api.client('examples');
    const { paths } = await document();
    for (const [path, operations] of Object.entries(paths)) {
      const example = operations.post?.requestBody?.content['application/json']?.example;
      if (example === undefined || path.endsWith('/result')) continue;
      const { status, json } = path.startsWith('/mj/')
        ? await mjClient(api, client.appKey).post(path, example)
        : await client.post(path.replace('/v1/api/trigger', ''), example);
      // Under /mj a field that is wrong is named at the beginning.
      const objection = status === 400 ? json.detail : /^\w+: .*/.exec(String(json.description ?? ''))?.[0];
      expect([path, objection ?? 'valid']).toEqual([path, 'valid']);
    }
  });
});

describe('/docs', () => {
  test('loads nothing from elsewhere, and all that it loads is there', async () => {
    const page = await api.app.request('/docs');
    expect(page.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
    const html = await page.text();
    const loaded = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '');
    expect(loaded.length).toBeGreaterThan(3);
    for (const address of loaded) {
      expect(address).toMatch(/^\/docs\//);
      const asset = await api.app.request(address);
      expect([address, asset.status]).toEqual([address, 200]);
      expect((await asset.arrayBuffer()).byteLength).toBeGreaterThan(100);
    }
    expect(html).not.toMatch(/<script>/);
  });

  test('the front page points to it', async () => {
    const page = await api.app.request('/');
    expect(await page.text()).toContain('href="/docs"');
    expect(page.headers.get('X-Content-Type-Options')).toBe('nosniff');
  });
});

describe.each(['/openapi.json', '/docs', '/docs/swagger-ui-bundle.js', '/'])('%s', (path) => {
  const get = (headers: Record<string, string> = {}) => api.app.request(path, { headers });

  test('is compressed for those who take it so, and the same', async () => {
    const plain = await get();
    const compressed = await get({ 'Accept-Encoding': 'br;q=1.0, gzip;q=0.8' });
    expect([plain.headers.get('Content-Encoding'), compressed.headers.get('Content-Encoding')]).toEqual([
      null,
      'gzip',
    ]);
    expect([plain.headers.get('Vary'), compressed.headers.get('Vary')]).toEqual([
      'Accept-Encoding',
      'Accept-Encoding',
    ]);
    const bytes = Buffer.from(await compressed.arrayBuffer());
    const whole = Buffer.from(await plain.arrayBuffer());
    expect(bytes.length).toBeLessThan(whole.length);
    expect(gunzipSync(bytes).equals(whole)).toBe(true);
  });

  test('is not sent to a client that has it', async () => {
    const etag = (await get()).headers.get('ETag') ?? '';
    const again = await get({ 'If-None-Match': etag });
    expect([again.status, (await again.text()).length, again.headers.get('ETag')]).toEqual([304, 0, etag]);
  });
});
