import { accounts } from '@midjourney-api/shared/database/schema';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import type { TaskResult } from '@midjourney-api/shared/tasks/task';
import type { MjTaskView } from '@midjourney-api/shared/tasks/views/mj-task-schema';
import { getUser } from '@midjourney-api/shared/users/users';
import sharp from 'sharp';
import { expect } from 'vitest';
import { mjClient } from '../../../testing/mj-client.ts';
import { finishedGrid, sent, type TestApi, taskId } from '../../../testing/open-test-api.ts';

/** What a client of this dialect is answered by a submit. */
export interface MjAnswer {
  status: number;
  text: string;
  code: number;
  description: string;
  result: string | null;
  properties: Record<string, unknown>;
}

export const job = '2f0c8a5e-0000-4000-8000-000000000001';
export const zoom = `MJ::CustomZoom::${job}`;
export const region = `MJ::Inpaint::1::${job}::SOLO`;
/** What an accepted submit is answered: at once, or queued. */
export const accepted = [1, 22];
export const describedTexts = ['one cat', 'two cats', 'three cats', 'four cats'];

const single = [
  `MJ::JOB::upsample_v7_2x_subtle::1::${job}::SOLO`,
  `MJ::JOB::low_variation::1::${job}::SOLO`,
  `MJ::JOB::high_variation::1::${job}::SOLO`,
  region,
  `MJ::Outpaint::50::1::${job}::SOLO`,
  zoom,
  `MJ::JOB::pan_left::1::${job}::SOLO`,
  `MJ::JOB::animate_low::1::${job}::SOLO`,
  `MJ::BOOKMARK::${job}`,
];
const shown = {
  grid: undefined,
  single,
  described: [...numbers('PicReader'), 'MJ::Job::PicReader::all', 'MJ::Picread::Retry'],
  shortened: numbers('PromptAnalyzer'),
};

function numbers(group: string): string[] {
  return [1, 2, 3, 4].map((number) => `MJ::Job::${group}::${number}`);
}

/** A client of this dialect with tasks that have ended, whose buttons it can press. */
export async function openPresser(api: TestApi, userName: string, tokens = 100) {
  const client = await api.client(userName, tokens);
  const mj = mjClient(api, client.appKey);
  const post = async (path: string, body: object): Promise<MjAnswer> => {
    const { status, text } = await mj.post(path, body);
    return { ...(JSON.parse(text) as Omit<MjAnswer, 'status' | 'text'>), status, text };
  };
  const action = (body: object) => post('/mj/submit/action', body);
  const finished = async (what: keyof typeof shown, prompt = 'a fox'): Promise<string> => {
    const { trigger_id } = (await client.post('/imagine', { prompt })).json;
    const succeeded = finishedGrid(undefined, job);
    if (succeeded.type !== 'succeeded') throw new Error('It did not succeed.');
    const customIds = shown[what];
    const result: TaskResult = {
      ...succeeded.result,
      ...(customIds && {
        buttons: customIds.map((customId) => ({ custom_id: customId, label: customId })),
      }),
      ...(what !== 'grid' && what !== 'single' && { texts: describedTexts }),
    };
    await api.happen(trigger_id, ...sent(), { ...succeeded, result });
    return trigger_id;
  };
  return {
    ...client,
    action,
    modal: (body: object) => post('/mj/submit/modal', body),
    cancel: (id: string) => post(`/mj/task/${id}/cancel`, {}),
    fetch: async (id: string | null) => JSON.parse((await mj.get(`/mj/task/${id}/fetch`)).text) as MjTaskView,
    /** What a route answers with several tasks. */
    list: async (path: string, body?: object) =>
      JSON.parse((await (body ? mj.post(path, body) : mj.get(path))).text) as MjTaskView[],
    tokensUsed: async () => (await getUser(api.deps.db, userName)).tokenUse,
    /** A task of theirs that has succeeded, with the buttons of such a picture. */
    finished,
    /** Presses a button that opens a window. */
    openWindow: async (of: keyof typeof shown, customId: string, more: object = {}) => {
      const parent = await finished(of);
      const answer = await action({ taskId: parent, customId, ...more });
      expect(answer).toMatchObject({ status: 200, code: 21 });
      return { parent, answer, id: answer.result ?? '' };
    },
    /** The task as it is stored; undefined for what is none. */
    stored: (id: string | null) => findTask(api.deps.db, taskId(id ?? '')),
  };
}

export type Presser = Awaited<ReturnType<typeof openPresser>>;

/** Has the account listen as its own user, who alone is shown forms, or as the operator's bot. */
export async function listenAs(api: TestApi, session: 'user' | 'bot', remix: boolean | null = null) {
  await api.deps.db.update(accounts).set({ session, remix });
}

/** A mask as clients send it: of one colour, or white on its left. */
export async function maskOf(...colours: [left: string, right?: string]): Promise<string> {
  const [left, right = left] = colours;
  const plain = (background: string, width: number) =>
    sharp({ create: { width, height: 64, channels: 3, background } }).png();
  const file = plain(right, 64).composite([{ input: await plain(left, 32).toBuffer(), left: 0, top: 0 }]);
  return `data:image/png;base64,${(await file.toBuffer()).toString('base64')}`;
}
