import { tasks } from '@midjourney-api/shared/database/schema';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MjClient, mjClient } from '../../../testing/mj-client.ts';
import {
  finishedGrid,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from '../../../testing/open-test-api.ts';

let api: TestApi;
let user: TestClient;
let client: MjClient;
let stranger: MjClient;

beforeAll(async () => {
  api = await openTestApi();
  user = await api.client('someone');
  client = mjClient(api, user.appKey);
  stranger = mjClient(api, (await api.client('operator', 100, 'operator')).appKey);
});
afterAll(() => api.close());

async function drawing(): Promise<string> {
  return String((await client.post('/mj/submit/imagine', { prompt: 'a cat' })).json.result);
}

const cancel = (id: string, as = client) => as.post(`/mj/task/${id}/cancel`, '');
const fetchTask = async (id: string) => (await client.get(`/mj/task/${id}/fetch`)).json;

describe('cancel', () => {
  it('ends a task that waits, and gives its token back', async () => {
    const before = (await user.get('/me')).json.token_use;
    const id = await drawing();
    const { status, json } = await cancel(id);
    expect([status, json]).toEqual([200, { code: 1, description: 'Cancelled.', result: id, properties: {} }]);
    expect(await fetchTask(id)).toMatchObject({ status: 'FAILURE', failReason: 'cancelled', progress: '' });
    expect((await user.get('/me')).json.token_use).toBe(before);
  });

  it('asks Midjourney to stop one that it has', async () => {
    const id = await drawing();
    await api.happen(id, ...sent());
    const { json } = await cancel(id);
    expect(json).toMatchObject({
      code: 1,
      result: id,
      description: expect.stringContaining('asked to stop'),
    });
    expect((await fetchTask(id)).status).toBe('SUBMITTED');
    const [task] = await api.deps.db
      .select()
      .from(tasks)
      .where(eq(tasks.id, taskId(id)));
    expect(task?.cancelRequestedAt).toBeInstanceOf(Date);
  });

  it('refuses one that has ended with 4', async () => {
    const id = await drawing();
    await api.happen(id, ...sent(), finishedGrid());
    expect((await cancel(id)).json).toMatchObject({ code: 4, result: null });
    const failed = await drawing();
    await cancel(failed);
    expect((await cancel(failed)).json).toMatchObject({ code: 4, result: null });
  });

  it("refuses an unknown one, and another user's, with 3", async () => {
    const id = await drawing();
    for (const [unknown, as] of [
      ['1767323045678400', client],
      ['nonsense', client],
      [id, stranger],
    ] as const) {
      const { status, json } = await cancel(unknown, as);
      expect([status, json.code, json.result]).toEqual([200, 3, null]);
    }
    expect((await fetchTask(id)).status).toBe('NOT_START');
  });
});

describe('image-seed', () => {
  const seedOf = (id: string, as = client) => as.get(`/mj/task/${id}/image-seed`);

  it('is the seed that is known, as decimal text', async () => {
    const id = await drawing();
    await api.happen(id, ...sent(), finishedGrid());
    const drawn = { prompt: 'a cat', seed: 636_646_138 };
    await api.deps.db
      .update(tasks)
      .set({ drawn })
      .where(eq(tasks.id, taskId(id)));
    const { status, json } = await seedOf(id);
    expect([status, json]).toEqual([
      200,
      { code: 1, description: 'success', result: '636646138', properties: {} },
    ]);
    expect((await seedOf(id, stranger)).json).toMatchObject({ code: 3, result: null });
  });

  it('is refused where there is none, or nobody would see it', async () => {
    const id = await drawing();
    expect((await seedOf(id)).json).toMatchObject({ code: 4, result: null });
    await api.happen(id, ...sent(), finishedGrid());
    expect((await seedOf(id)).json).toMatchObject({
      code: 4,
      description: expect.stringContaining('session of its user'),
    });
    expect((await seedOf('1')).json).toMatchObject({ code: 3, result: null });
  });
});
