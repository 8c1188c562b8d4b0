import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { serve } from '@hono/node-server';
import { createUser } from '@midjourney-api/shared/users/users';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectMcp } from '../../../test/mcp-client.ts';
import { mjClient } from '../testing/mj-client.ts';
import { finishedGrid, openTestApi, readAnswer, sent, type TestApi } from '../testing/open-test-api.ts';
import { apiPrefix } from './app-env.ts';
import { mcpOperations } from './mcp/operations.ts';
import { mjOperations } from './mj/operations.ts';
import { stopServer } from './server/stop-server.ts';
import { v1Operations } from './v1/operations.ts';

let api: TestApi;
let routes: string[];
beforeAll(async () => {
  api = await openTestApi();
  const { paths } = (await (await api.app.request('/openapi.json')).json()) as {
    paths: Record<string, object>;
  };
  routes = Object.entries(paths).flatMap(([address, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${address}`),
  );
});
afterAll(() => api.close());

test.each([
  ['v1', v1Operations, apiPrefix],
  ['mj', mjOperations, ''],
  ['mcp', mcpOperations, ''],
])('what clients of %s are advised to call is there', (_dialect, operations, prefix) => {
  expect(routes).toEqual(
    expect.arrayContaining(Object.values(operations).map((name) => name.replace(' ', ` ${prefix}`))),
  );
});

test('no command or query names a route: what is true in one dialect is not in the others', () => {
  const firstWords = routes.map((route) => route.replace(apiPrefix, '').split('/')[1]);
  const named = new RegExp(String.raw`(?:GET|POST|PATCH|DELETE) /|(?<![\w.])/(?:${firstWords.join('|')})\b`);
  const sources = path.join(import.meta.dirname, '..');
  const files = ['commands', 'queries'].flatMap((folder) =>
    readdirSync(path.join(sources, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /(?<!\.test|\.fixture)\.ts$/.test(file))
      .map((file) => path.join(sources, folder, file)),
  );
  expect(files.length).toBeGreaterThan(50);
  const found = files.flatMap((file) => {
    const code = readFileSync(file, 'utf8').replaceAll(/\/\*\*.*?\*\/|^\s*\/\/.*$/gms, '');
    return code.split('\n').filter((line) => named.test(line));
  });
  expect(found).toEqual([]);
});

describe('a picture that came late has to be claimed before it is continued', () => {
  /** The id and the key of a user whose task has a late picture. */
  async function late(dialect: 'v1' | 'original' = 'v1') {
    const userName = `late-${Math.random()}`;
    const { appKey } = await createUser(api.deps.db, { userName, tokenTotal: 10, dialect });
    const post = async (route: string, body: object) =>
      readAnswer(
        await api.app.request(apiPrefix + route, {
          method: 'POST',
          headers: { Authorization: `Bearer ${appKey}`, 'Content-Type': 'application/json' },
          body: JSON.stringify(body),
        }),
      );
    const id = (await post('/imagine', { prompt: 'a cat' })).json.trigger_id;
    await api.happen(id, ...sent(), { type: 'failed', code: 'timeout', reason: 'too slow' });
    await api.happen(id, finishedGrid());
    return { id, appKey, post };
  }
  const sentence = (id: string, address: string) =>
    `Task ${id} failed, and its picture came late: it has to be claimed first. Nothing was charged. POST ${address}/task/${id}/claim makes that picture yours for one token.`;

  test('as v1 says', async () => {
    const { id, post } = await late();
    expect((await post('/upscale', { trigger_id: id, index: 1 })).json.detail).toBe(sentence(id, ''));
  });

  test('as the original dialect says, whose keys may call what it did not have', async () => {
    const { id, post } = await late('original');
    expect((await post('/upscale', { trigger_id: id, index: 1 })).json.message).toBe(sentence(id, ''));
    expect((await post(`/task/${id}/claim`, {})).status).toBe(200);
  });

  test('as mj says, whose keys work there too', async () => {
    const { id, appKey } = await late();
    const { json } = await mjClient(api, appKey).post('/mj/submit/change', {
      taskId: id,
      action: 'UPSCALE',
      index: 1,
    });
    expect(json.description).toBe(sentence(id, apiPrefix));
  });

  test('as the tools of MCP say', async () => {
    const { id, appKey } = await late();
    const server = serve({ fetch: api.app.fetch, hostname: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const mcp = await connectMcp(`http://127.0.0.1:${port}`, { Authorization: `Bearer ${appKey}` });
    try {
      const answer = await mcp.call('press', { trigger_id: id, label: 'U1' });
      expect([answer.isError, answer.sentence]).toEqual([true, sentence(id, apiPrefix)]);
    } finally {
      await mcp.close();
      await stopServer(server, 100);
    }
  });
});
