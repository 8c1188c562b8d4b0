import { uploads } from '@midjourney-api/shared/database/schema';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MjClient, mjClient } from './testing/mj-client.ts';
import {
  type Answer,
  finishedGrid,
  gridHash,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
  taskId,
} from './testing/open-test-api.ts';

/** What another user has: an open task, a finished one and an uploaded picture. */
interface Theirs {
  open: string;
  finished: string;
  upload: string;
}

const unknown: Theirs = {
  open: '1767323045678401',
  finished: '1767323045678402',
  upload: '0b9c/unknown.png',
};
const theirMessage = '1279000000000004711';

let api: TestApi;
let owner: TestClient;
let stranger: TestClient;
let strangerOfMj: MjClient;
let theirs: Theirs;

beforeAll(async () => {
  api = await openTestApi();
  owner = await api.client('owner');
  stranger = await api.client('stranger');
  strangerOfMj = mjClient(api, stranger.appKey);
  const submit = async () => (await owner.post('/imagine', { prompt: 'a secret cat' })).json.trigger_id;
  theirs = { open: await submit(), finished: await submit(), upload: '0b9c/1767323045678499.png' };
  await api.happen(theirs.finished, ...sent(), finishedGrid(theirMessage));
  await api.deps.db.insert(uploads).values({
    id: taskId('1767323045678499'),
    userId: 1,
    account: 'default',
    uploadFilename: theirs.upload,
    uploadUrl: 'https://slots.example/x',
    createdAt: new Date(),
  });
});
afterAll(() => api.close());

type Ask = (ids: Theirs) => Promise<Answer>;
const task = (path = '', headers = {}) =>
  [
    ['open', (ids: Theirs) => stranger.get(`/task/${ids.open}${path}`, { headers })],
    ['finished', (ids: Theirs) => stranger.get(`/task/${ids.finished}${path}`, { headers })],
  ] as const;
const followUp = (path: string, fields: object): [string, Ask][] => [
  [`POST ${path} on an open task`, ({ open }) => stranger.post(path, { trigger_id: open, ...fields })],
  [`POST ${path} on a picture`, ({ finished }) => stranger.post(path, { trigger_id: finished, ...fields })],
];

const ofEach = (route: string, ask: (id: string) => Promise<Answer>): [string, Ask][] => [
  [`${route} of an open task`, ({ open }) => ask(open)],
  [`${route} of a picture`, ({ finished }) => ask(finished)],
];

const asks: [string, Ask][] = [
  ...task().map(([which, ask]): [string, Ask] => [`GET /task/{id} of an ${which} task`, ask]),
  ...task('?wait=1').map(([which, ask]): [string, Ask] => [`GET /task/{id}?wait= of an ${which} task`, ask]),
  ...task('', { 'If-None-Match': '*' }).map(([which, ask]): [string, Ask] => [
    `GET /task/{id} with any entity tag of an ${which} task`,
    ask,
  ]),
  ...task('/events').map(([which, ask]): [string, Ask] => [`GET /task/{id}/events of an ${which} task`, ask]),
  ...task('/relatives').map(([which, ask]): [string, Ask] => [
    `GET /task/{id}/relatives of an ${which} task`,
    ask,
  ]),
  ...task('/seed').map(([which, ask]): [string, Ask] => [`GET /task/{id}/seed of an ${which} task`, ask]),
  [
    'POST /queue/release of an open task',
    ({ open }) => stranger.post('/queue/release', { trigger_id: open }),
  ],
  [
    'POST /queue/release of a picture',
    ({ finished }) => stranger.post('/queue/release', { trigger_id: finished }),
  ],
  ...followUp('/upscale', { index: 1 }),
  ...followUp('/variation', { index: 1 }),
  ...followUp('/reset', {}),
  ...followUp('/solo_variation', {}),
  ...followUp('/solo_low_variation', {}),
  ...followUp('/solo_high_variation', {}),
  ...followUp('/expand', { direction: 'left' }),
  ...followUp('/zoomout', { zoomout: 50 }),
  ...followUp('/max_upscale', { style: 'subtle' }),
  ...followUp('/animate', { motion: 'low' }),
  ...followUp('/video_upscale', { index: 1 }),
  ...followUp('/extend', { motion: 'low' }),
  ...followUp('/vary_region', { prompt: 'a door', boxes: [{ x: 0, y: 0, width: 9, height: 9 }] }),
  ...followUp('/action', { label: 'U1' }),
  ...followUp('/imagine_all', {}),
  ['POST /cancel of an open task', ({ open }) => stranger.post('/cancel', { trigger_id: open })],
  ['POST /cancel of a picture', ({ finished }) => stranger.post('/cancel', { trigger_id: finished })],
  ['POST /task/{id}/claim of an open task', ({ open }) => stranger.post(`/task/${open}/claim`, '')],
  ['POST /task/{id}/claim of a picture', ({ finished }) => stranger.post(`/task/${finished}/claim`, '')],
  ['POST /blend', ({ upload }) => stranger.post('/blend', { upload_filenames: [upload, upload] })],
  ['POST /video', ({ upload }) => stranger.post('/video', { upload_filename: upload })],
  ['POST /edit', ({ upload }) => stranger.post('/edit', { prompt: 'a door', images: [upload] })],
  ['POST /describe', ({ upload }) => stranger.post('/describe', { upload_filename: upload })],
  ['POST /message', ({ upload }) => stranger.post('/message', { upload_filename: upload })],
  ...ofEach('GET /result/{id}', (id) => stranger.get(`/result/${id}`)),
  ...['fetch', 'image-seed'].flatMap((what) =>
    ofEach(`GET /mj/task/{id}/${what}`, (id) => strangerOfMj.get(`/mj/task/${id}/${what}`)),
  ),
  ...ofEach('GET /mj/image/{id}', (id) => strangerOfMj.get(`/mj/image/${id}`)),
  ...ofEach('POST /mj/task/{id}/cancel', (id) => strangerOfMj.post(`/mj/task/${id}/cancel`, {})),
  ...ofEach('POST /mj/submit/change', (taskId) =>
    strangerOfMj.post('/mj/submit/change', { taskId, action: 'REROLL' }),
  ),
  ...ofEach('POST /mj/submit/simple-change', (id) =>
    strangerOfMj.post('/mj/submit/simple-change', { content: `${id} U1` }),
  ),
  ...ofEach('POST /mj/submit/action', (taskId) =>
    strangerOfMj.post('/mj/submit/action', { taskId, customId: `MJ::JOB::upsample::1::${gridHash}` }),
  ),
  ...ofEach('POST /mj/submit/modal', (taskId) => strangerOfMj.post('/mj/submit/modal', { taskId })),
  ...ofEach('POST /mj/submit/video', (taskId) =>
    strangerOfMj.post('/mj/submit/video', { action: 'extend', taskId, index: 0 }),
  ),
  ...['condition', 'ids'].flatMap((what) =>
    ofEach(`POST /mj/task/list-by-${what}`, (id) =>
      strangerOfMj.post(`/mj/task/list-by-${what}`, { ids: [id] }),
    ),
  ),
];

/** The answer without what differs between any two: the request's own id, and the id that was asked for. */
function comparable({ status, headers, text }: Answer, ids: Theirs) {
  const without = (value: string) =>
    Object.values(ids)
      .reduce((left, id) => left.replaceAll(id, 'ID'), value)
      .replace(/"request_id":"[^"]*"/, '');
  const kept = [...headers].filter(([name]) => !/^(x-request-id|ratelimit)$/.test(name));
  return { status, headers: kept.map(([name, value]) => [name, without(value)]), body: without(text) };
}

describe("another user's id is answered like one that nobody has", () => {
  test.each(asks)('%s', async (title, ask) => {
    const [mine, nobodys] = [await ask(theirs), await ask(unknown)];
    // Under /mj a code in the body says so, except where the answer is a picture.
    expect(mine.status).toBe(/ \/mj\/(?!image\/)/.test(title) ? 200 : 404);
    expect(comparable(mine, theirs)).toEqual(comparable(nobodys, unknown));
    expect(mine.text).not.toContain('secret');
  });

  test('and is asked about by every route that takes an id', async () => {
    const { json } = await stranger.get('/../../../openapi.json');
    const { paths, components } = json as unknown as {
      paths: Record<string, Record<string, { requestBody?: unknown }>>;
      components: { schemas: Record<string, unknown> };
    };
    const bodyOf = ({ requestBody = '' }: { requestBody?: unknown }) =>
      JSON.stringify(requestBody).replace(/"#\/components\/schemas\/(\w+)"/g, (_ref, name) =>
        JSON.stringify(components.schemas[name]),
      );
    const withIds = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).flatMap(([method, operation]) =>
        /\{id\}|trigger_id|upload_filename|taskId|"ids"/.test(path + bodyOf(operation))
          ? [`${method.toUpperCase()} ${path.replace('/v1/api/trigger', '')}`]
          : [],
      ),
    );
    expect(withIds.length).toBeGreaterThan(10);
    // The webhook has no user: its signature is what proves a worker. Accounts are no user's.
    const others = ['POST /midjourney/result', 'GET /mj/account/{id}/fetch'];
    const uncovered = withIds
      .filter((route) => !others.includes(route))
      .filter((route) => !asks.some(([title]) => title === route || title.startsWith(`${route} `)));
    expect(uncovered).toEqual([]);
  });
});

test('lists hold own tasks only, also behind a cursor made of an id of theirs', async () => {
  const own = (await stranger.post('/imagine', { prompt: 'my own' })).json.trigger_id;
  const cursor = Buffer.from(String(BigInt(own) + 1n)).toString('base64url');
  const theirCursor = Buffer.from(theirs.finished).toString('base64url');
  const pages = await Promise.all(
    [
      '/tasks',
      '/tasks?limit=100',
      '/tasks?status=succeeded',
      `/tasks?cursor=${cursor}`,
      `/tasks?cursor=${theirCursor}`,
    ].map((path) => stranger.get(path)),
  );
  expect(pages.map(({ json }) => json.data.map(({ trigger_id }) => trigger_id))).toEqual([
    [own],
    [own],
    [],
    [own],
    [],
  ]);
});

test('nothing that a stranger tried changed anything', async () => {
  expect((await owner.get(`/task/${theirs.open}`)).json.status).toBe('queued');
  expect((await owner.get(`/task/${theirs.finished}`)).json.msg_hash).toBe(gridHash);
  expect((await owner.get('/me')).json.token_use).toBe(2);
});
