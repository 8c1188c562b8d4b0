import { addAccount, changeAccount, removeAccount } from '@midjourney-api/shared/accounts/accounts';
import { tasks } from '@midjourney-api/shared/database/schema';
import { taskJobId } from '@midjourney-api/shared/queues/keys';
import type { Button } from '@midjourney-api/shared/tasks/task';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../../../../../test/eventually.ts';
import {
  finishedGrid,
  gridHash,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from '../../../../testing/open-test-api.ts';

let api: TestApi;
let client: TestClient;
let clients = 0;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  clients += 1;
  client = await api.client(`user-${clients}`);
});

async function submit(prompt = 'a cat'): Promise<string> {
  return (await client.post('/imagine', { prompt })).json.trigger_id;
}

async function grid(): Promise<string> {
  const id = await submit();
  await api.happen(id, ...sent('default'), finishedGrid());
  return id;
}

/** A single picture with the buttons given by their custom_ids. */
async function single(...customIds: string[]): Promise<string> {
  const id = await submit();
  const buttons: Button[] = customIds.map((customId) => ({ label: customId, custom_id: customId }));
  const finished = finishedGrid();
  if (finished.type !== 'succeeded') throw new Error('a finished grid has succeeded');
  await api.happen(id, ...sent(), { ...finished, result: { ...finished.result, buttons } });
  return id;
}

async function stored(id: string) {
  const [task] = await api.deps.db
    .select()
    .from(tasks)
    .where(eq(tasks.id, taskId(id)));
  return task;
}

async function tokenUse(): Promise<number> {
  return (await client.get('/me')).json.token_use;
}

describe('presses the button that the parent has', () => {
  const h = gridHash;
  test.each([
    ['/upscale', { index: 3 }, `MJ::JOB::upsample::3::${h}`],
    ['/variation', { index: 1 }, `MJ::JOB::variation::1::${h}`],
    ['/reset', {}, `MJ::JOB::reroll::0::${h}::SOLO`],
    ['/solo_variation', { index: 9 }, `MJ::JOB::variation::1::${h}::SOLO`],
    ['/solo_low_variation', {}, `MJ::JOB::low_variation::1::${h}::SOLO`],
    ['/solo_high_variation', {}, `MJ::JOB::high_variation::1::${h}::SOLO`],
    ['/expand', { direction: 'up' }, `MJ::JOB::pan_up::1::${h}::SOLO`],
    ['/zoomout', { zoomout: 75 }, `MJ::Outpaint::75::1::${h}::SOLO`],
  ])('%s %j', async (path, fields, customId) => {
    const parent = await single(customId);
    const response = await client.post(path, { trigger_id: parent, msg_id: null, msg_hash: null, ...fields });
    expect(response.status).toBe(200);
    expect(response.json).toEqual({
      message: 'success',
      trigger_id: expect.stringMatching(/^\d{16}$/),
      trigger_type: path.slice(1),
      status: 'queued',
      parent_trigger_id: parent,
    });
    expect(await stored(response.json.trigger_id)).toMatchObject({
      action: { kind: 'button', messageId: (await stored(parent))?.messageId, messageFlags: 0, customId },
      account: 'default',
      prompt: 'a cat',
      parentId: parent,
      index: path === '/upscale' || path === '/variation' ? (fields as { index: number }).index : null,
    });
    expect(await tokenUse()).toBe(2);
  });
});

test("waits in the queue of the parent's account", async () => {
  const { trigger_id } = (await client.post('/upscale', { trigger_id: await grid(), index: 1 })).json;
  const jobId = taskJobId(taskId(trigger_id));
  expect(await api.deps.queues.account('default').getJob(jobId)).toBeDefined();
  expect(await api.deps.queues.drawings.getJob(jobId)).toBeUndefined();
});

test('solo_variation presses Vary (Strong) where there is no plain variation', async () => {
  const parent = await single(`MJ::JOB::high_variation::1::${gridHash}::SOLO`);
  const { trigger_id } = (await client.post('/solo_variation', { trigger_id: parent })).json;
  expect((await stored(trigger_id))?.action).toMatchObject({
    customId: `MJ::JOB::high_variation::1::${gridHash}::SOLO`,
  });
});

test('takes the ids of the parent when they are its own', async () => {
  const parent = await grid();
  const body = {
    trigger_id: parent,
    index: 1,
    msg_id: (await stored(parent))?.messageId,
    msg_hash: gridHash.toUpperCase(),
  };
  expect((await client.post('/upscale', body)).status).toBe(200);
});

test.each([
  ['msg_id', { msg_id: '1299000000000000001' }],
  ['msg_hash', { msg_hash: '00000000-0000-0000-0000-000000000000' }],
])('refuses a %s that is not the parent’s, and charges nothing', async (path, ids) => {
  const response = await client.post('/upscale', { trigger_id: await grid(), index: 1, ...ids });
  expect(response.status).toBe(400);
  expect(response.json).toMatchObject({
    code: 'invalid_request',
    errors: [{ path, message: expect.any(String) }],
  });
  expect(await tokenUse()).toBe(1);
});

test('refuses while the parent is not finished, and says how it stands', async () => {
  const response = await client.post('/upscale', { trigger_id: await submit(), index: 1 });
  expect([response.status, response.json.code]).toEqual([409, 'action_unavailable']);
  expect(response.json.detail).toContain('queued');
  expect(await tokenUse()).toBe(1);
});

test('refuses when the parent failed', async () => {
  const parent = await submit();
  await api.happen(parent, { type: 'failed', code: 'rejected', reason: 'no' });
  const response = await client.post('/upscale', { trigger_id: parent, index: 1 });
  expect([response.status, response.json.code]).toEqual([409, 'action_unavailable']);
  expect(response.json.detail).toContain('failed');
  expect(await tokenUse()).toBe(0);
});

test('refuses an action that the picture has no button for, and names those that it has', async () => {
  const response = await client.post('/zoomout', { trigger_id: await grid(), zoomout: 50 });
  expect([response.status, response.json.code]).toEqual([409, 'action_unavailable']);
  expect(response.json.detail).toContain('upscale, variation, reset');
  expect(await tokenUse()).toBe(1);
});

test("another user's task looks the same as one that does not exist", async () => {
  const parent = await grid();
  const other = await api.client(`other-${clients}`);
  const theirs = await other.post('/upscale', { trigger_id: parent, index: 1 });
  const unknown = await other.post('/upscale', { trigger_id: '1234567890', index: 1 });
  expect([theirs.status, unknown.status]).toEqual([404, 404]);
  const same = (text: string) => text.replaceAll(/\d{10,}/g, 'ID').replace(/"request_id":"[^"]*"/, '');
  expect(same(theirs.text)).toBe(same(unknown.text));
});

test('continues a picture of an older installation by its msg_id and msg_hash', async () => {
  const response = await client.post('/upscale', {
    trigger_id: 1234567890,
    index: 2,
    msg_id: '1100000000000000000',
    msg_hash: '7c1f9a04-5b0e-4d39-9f4e-0d6a0c3b2e11',
  });
  expect(response.json).toMatchObject({ parent_trigger_id: '1234567890' });
  expect(await stored(response.json.trigger_id)).toMatchObject({
    action: {
      kind: 'button',
      messageId: '1100000000000000000',
      customId: `MJ::JOB::upsample::2::7c1f9a04-5b0e-4d39-9f4e-0d6a0c3b2e11`,
    },
    account: null,
  });
});

describe('a picture drawn here, named as one of an older installation,', () => {
  const messageId = '1289000000000000777';
  const named = { trigger_id: '1234567890', index: 1, msg_id: messageId, msg_hash: gridHash };
  async function drawn(): Promise<string> {
    const id = await submit();
    await api.happen(id, ...sent(), finishedGrid(messageId));
    return id;
  }

  test('is not there for another user', async () => {
    await drawn();
    const other = await api.client(`thief-${clients}`);
    const refused = await other.post('/upscale', named);
    const unknown = await other.post('/upscale', { trigger_id: '1234567890', index: 1 });
    expect([refused.status, refused.json.detail]).toEqual([404, unknown.json.detail]);
    expect((await other.get('/me')).json.token_use).toBe(0);
    await api.deps.db.delete(tasks).where(eq(tasks.messageId, messageId));
  });

  test.each([
    ['message', { msg_hash: '00000000-0000-4000-8000-000000000000' }],
    ['job', { msg_id: '1299000000000000777' }],
  ])('nor when it came late, by its %s', async (_by, different) => {
    const id = await submit();
    await api.happen(id, ...sent(), { type: 'failed', code: 'timeout', reason: 'too slow' });
    await api.happen(id, finishedGrid(messageId));
    const [owner, other] = [client, await api.client(`late-thief-${clients}`)];
    const steal = { ...named, msg_hash: gridHash, ...different };
    expect((await other.post('/upscale', steal)).status).toBe(404);
    expect((await other.get('/me')).json.token_use).toBe(0);
    expect((await owner.post('/upscale', { ...steal, trigger_id: id })).json.code).toBe('action_unavailable');
    await api.deps.db.delete(tasks).where(eq(tasks.id, taskId(id)));
  });

  test("is its owner's task, with its buttons and its account", async () => {
    const parent = await drawn();
    const { status, json } = await client.post('/upscale', named);
    expect([status, json.parent_trigger_id]).toEqual([200, parent]);
    expect(await stored(json.trigger_id)).toMatchObject({ account: 'default', prompt: 'a cat' });
    const zoomout = await client.post('/zoomout', { ...named, index: undefined, zoomout: 50 });
    expect([zoomout.status, zoomout.json.code]).toEqual([409, 'action_unavailable']);
    await api.deps.db.delete(tasks).where(eq(tasks.messageId, messageId));
  });
});

test.each([
  ['disabled', () => changeAccount(api.deps.db, 'passing', { enabled: false })],
  ['gone', () => removeAccount(api.deps.db, 'passing')],
])('is refused at once when its account is %s', async (what, happen) => {
  const parent = await grid();
  await addAccount(api.deps.db, 'passing', {
    guildId: '1',
    channelId: '2',
    userToken: null,
    botToken: null,
    session: 'bot',
    concurrency: 3,
    speed: null,
    weight: 1,
  });
  await api.deps.db
    .update(tasks)
    .set({ account: 'passing' })
    .where(eq(tasks.id, taskId(parent)));
  await happen();
  const response = await client.post('/upscale', { trigger_id: parent, index: 1 });
  expect([response.status, response.json.code]).toEqual([409, 'action_unavailable']);
  expect(response.json.detail).toContain(what);
  expect(await tokenUse()).toBe(1);
  // The task says so of each button before it is pressed, within a second.
  await eventually(async () => {
    const buttons = (await client.get(`/task/${parent}`)).json.buttons as { unavailable: string }[];
    expect(buttons.map(({ unavailable }) => response.json.detail.startsWith(unavailable))).toEqual(
      buttons.map(() => true),
    );
  });
  if (what === 'disabled') await removeAccount(api.deps.db, 'passing');
});

test.each([
  [`MJ::CustomZoom::${gridHash}`, /form .* user session/],
  [`MJ::Inpaint::1::${gridHash}::SOLO`, /user session/],
  [`MJ::BOOKMARK::${gridHash}`, /only marks/],
])(
  'a task says of %s why it cannot be pressed, in the words that pressing it is refused with',
  async (customId, why) => {
    const id = await single(customId);
    const [button] = (await client.get(`/task/${id}`)).json.buttons as { unavailable: string }[];
    expect(button?.unavailable).toMatch(why);
    const refused = await client.post('/action', { trigger_id: id, custom_id: customId });
    expect([refused.status, refused.json.code]).toEqual([409, 'action_unavailable']);
    expect(refused.json.detail).toContain(button?.unavailable.replace(/^It|[.]$/g, '').trim());
  },
);

test('a task id may be sent as a JSON number, which holds it exactly', async () => {
  const parent = await grid();
  const { status, json } = await client.post('/upscale', `{"trigger_id":${parent},"index":2}`);
  expect([status, json.parent_trigger_id]).toEqual([200, parent]);
});

test.each([
  ['/upscale', { index: 0 }, 'index'],
  ['/upscale', { index: 5 }, 'index'],
  ['/variation', { index: 1.5 }, 'index'],
  ['/variation', {}, 'index'],
  ['/expand', { direction: 'north' }, 'direction'],
  ['/zoomout', { zoomout: 60 }, 'zoomout'],
  ['/reset', { trigger_id: 'abc' }, 'trigger_id'],
  ['/reset', { trigger_id: 289518374012518400 }, 'trigger_id'],
  ['/reset', { trigger_id: undefined }, 'trigger_id'],
  ['/reset', { msg_id: '12::34' }, 'msg_id'],
  ['/reset', { msg_hash: 'x::SOLO' }, 'msg_hash'],
])('%s refuses %j', async (path, fields, field) => {
  const response = await client.post(path, { trigger_id: '1234567890', ...fields });
  expect(response.status).toBe(400);
  expect(response.json).toMatchObject({
    code: 'invalid_request',
    errors: [{ path: field, message: expect.any(String) }],
  });
});
