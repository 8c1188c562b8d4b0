import { accounts } from '@midjourney-api/shared/database/schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MjClient, mjClient } from '../../../testing/mj-client.ts';
import { openTestApi, type TestApi } from '../../../testing/open-test-api.ts';

let api: TestApi;
let client: MjClient;
let operator: MjClient;

beforeAll(async () => {
  api = await openTestApi();
  client = mjClient(api, (await api.client('someone')).appKey);
  operator = mjClient(api, (await api.client('operator', 1, 'operator')).appKey);
  await api.deps.db.update(accounts).set({ guildId: '11', channelId: '12', concurrency: 3, speed: 'fast' });
  const more = { userToken: 'sealed', since: new Date(), state: 'ready' as const, concurrency: 2 };
  await api.deps.db.insert(accounts).values([
    { name: 'second', ...more },
    { name: 'third', ...more, enabled: false },
  ]);
});
afterAll(() => api.close());

const limits = { queueSize: 5_000, timeoutMinutes: 30 };
const hidden = { userToken: '', userAgent: '', properties: {} };

describe('the accounts', () => {
  it('are one to users, who see nothing of Discord', async () => {
    const { status, json } = await client.get('/mj/account/list');
    const all = {
      id: 'midjourney',
      name: 'midjourney',
      guildId: '',
      channelId: '',
      enable: true,
      mode: null,
    };
    expect([status, json]).toEqual([200, [{ ...all, ...hidden, ...limits, coreSize: 5 }]]);
    expect((await client.get('/mj/account/midjourney/fetch')).json).toMatchObject(all);
    expect((await client.get('/mj/account/default/fetch')).json).toMatchObject({ code: 3, result: null });
  });

  it('are each shown to operators, without their tokens', async () => {
    const { json, text } = await operator.get('/mj/account/list');
    expect(json).toMatchObject([
      { id: 'default', guildId: '11', channelId: '12', enable: true, mode: 'FAST', coreSize: 3, ...hidden },
      { id: 'second', guildId: '', enable: true, mode: null, coreSize: 2 },
      { id: 'third', enable: false },
    ]);
    expect(text).not.toContain('sealed');
    expect((await operator.get('/mj/account/second/fetch')).json).toMatchObject({ name: 'second' });
  });
});
