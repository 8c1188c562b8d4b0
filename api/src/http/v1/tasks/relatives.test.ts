import { tasks } from '@midjourney-api/shared/database/schema';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  finishedGrid,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from '../../../testing/open-test-api.ts';

let api: TestApi;
let client: TestClient;
let other: TestClient;
let operator: TestClient;
beforeAll(async () => {
  api = await openTestApi();
  client = await api.client('someone');
  other = await api.client('other');
  operator = await api.client('operator', 100, 'operator');
});
afterAll(() => api.close());

const hash = (n: number) => `39d7cf9f-c2f0-4adf-a124-00000000000${n}`;

async function grid(from = client, n = 1, messageId?: string): Promise<string> {
  const { trigger_id } = (await from.post('/imagine', { prompt: 'a cat' })).json;
  await api.happen(trigger_id, ...sent(), finishedGrid(messageId, hash(n)));
  return trigger_id;
}

async function press(parent: string, from = client): Promise<string> {
  const { trigger_id } = (await from.post('/reset', { trigger_id: parent })).json;
  await api.happen(trigger_id, ...sent(), finishedGrid());
  return trigger_id;
}

describe('the relatives of a task', () => {
  test('are its ancestors, its children and its siblings', async () => {
    const first = await grid();
    const child = await press(first);
    const [sibling, youngest] = [await press(first), await press(first)];
    const [grandchild, another] = [await press(child), await press(child)];
    const relatives = async (id: string, from = client) => {
      const { json } = await from.get(`/task/${id}/relatives`);
      const ids = (kind: string) => (json[kind] as { trigger_id: string }[]).map((task) => task.trigger_id);
      return { ancestors: ids('ancestors'), children: ids('children'), siblings: ids('siblings') };
    };
    expect(await relatives(child)).toEqual({
      ancestors: [first],
      children: [another, grandchild],
      siblings: [youngest, sibling],
    });
    expect(await relatives(grandchild, operator)).toEqual({
      ancestors: [child, first],
      children: [],
      siblings: [another],
    });
    expect(await relatives(first)).toMatchObject({ ancestors: [], siblings: [] });
  });

  test('are shown in short', async () => {
    const first = await grid();
    await press(first);
    const { json } = await client.get(`/task/${first}/relatives`);
    const [child] = json.children as Record<string, unknown>[];
    expect(child).toMatchObject({ trigger_type: 'reset', status: 'succeeded', parent_trigger_id: first });
    expect(child).not.toHaveProperty('buttons');
    expect(child).not.toHaveProperty('token');
  });

  test('are those of its owner alone, and only the owner is shown them', async () => {
    const theirs = await grid(other);
    const mine = await grid();
    await press(theirs, other);
    // As when the number of the parent was that of an older installation's task.
    await api.deps.db
      .update(tasks)
      .set({ parentId: taskId(theirs) })
      .where(eq(tasks.id, taskId(mine)));
    expect((await client.get(`/task/${mine}/relatives`)).json).toEqual({
      ancestors: [],
      children: [],
      siblings: [],
    });
    expect((await client.get(`/task/${theirs}/relatives`)).status).toBe(404);
  });
});

describe('a task is found by its picture', () => {
  const found = async (query: Record<string, string>, from = client) => {
    const { status, json } = await from.get(`/tasks?${new URLSearchParams(query)}`);
    return status === 200 ? json.data.map(({ trigger_id }) => trigger_id) : json.code;
  };
  const discord = 'https://cdn.discordapp.com/attachments/1100000000000000002';

  test('by its message and its job, by its owner alone', async () => {
    const id = await grid(client, 2, '1279000000000077777');
    expect(await found({ msg_id: '1279000000000077777' })).toEqual([id]);
    expect(await found({ hash: hash(2).toUpperCase() })).toEqual([id]);
    expect(await found({ hash: hash(2), msg_id: '1279000000000077777' })).toEqual([id]);
    expect(await found({ hash: hash(1), msg_id: '1279000000000077777' })).toEqual([]);
    expect(await found({ msg_id: '1279000000000077777' }, other)).toEqual([]);
    expect(await found({ msg_id: '1279000000000077777' }, operator)).toEqual([id]);
  });

  test('by the link or name of its copy here', async () => {
    const id = await grid(client, 3);
    const name = `${id}-5f0c9a7d3b1e48c2a6d49e07b8f1c235.png`;
    await api.happen(id, { type: 'picture_stored', copy: { imageFile: name, durationMs: null } });
    for (const image of [name, `https://pictures.example/v1/images/${name}?part=2`])
      expect(await found({ image })).toEqual([id]);
    const guessed = name.replace('5f0c', '0000');
    expect(await found({ image: guessed })).toEqual([]);
    expect(await found({ image: name }, other)).toEqual([]);
  });

  test("by Discord's link, renewed or not, with the job in its name or without", async () => {
    const id = await grid(client, 4);
    expect(
      await found({ image: `${discord}/1279000000000000003/someone_a_cat_${hash(4)}.png?ex=1` }),
    ).toEqual([id]);
    // An id of Discord's from now on, as it makes them.
    const attachment = String((BigInt(Date.now() + 5_000 - 1_420_070_400_000) << 22n) | 1n);
    const link = `${discord}/${attachment}/a_%_video.mp4`;
    await api.deps.db
      .update(tasks)
      .set({ imageUrl: `${link}?ex=1&hm=2` })
      .where(eq(tasks.id, taskId(id)));
    expect(await found({ image: `${link}?ex=3&hm=4` })).toEqual([id]);
    expect(await found({ image: link.replace('a_', 'b_') })).toEqual([]);
    expect(await found({ image: link.replace('%', 'x') })).toEqual([]);
  });

  test('what is neither is refused', async () => {
    for (const image of ['https://example.com/cat.png', 'cat', `https://example.com/${'x'.repeat(50)}`])
      expect(await found({ image })).toBe('invalid_request');
  });
});
