import { timingSafeEqual } from 'node:crypto';
import { cached } from '@midjourney-api/shared/concurrency/cached';
import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import { previewName } from '@midjourney-api/shared/tasks/picture';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import type { WatchedTasks } from '../queries/watched-tasks.ts';
import { withTimeLimit } from '../time-limit.ts';
import type { AccountDownload } from './download.ts';
import { contentTypeOf, pictureExtension } from './picture-format.ts';

interface Preview {
  bytes: Buffer;
  contentType: string;
}

/**
 * Finds the picture that a task shows while it is drawn, by the name in its `preview_url`. It is fetched from Discord
 * when it is looked at, kept for a few seconds for others who look, and stored nowhere.
 * @returns undefined once the task has ended or shows another, and where Discord does not have it now.
 */
export type FindPreview = (name: string) => Promise<Preview | undefined>;

/** Far larger than any of Midjourney's, which have some hundred kilobytes. */
const mostBytes = 4 * 1_024 * 1_024;
const keptForMs = 10_000;
const mostKept = 32;
const timeLimitMs = 5_000;

export function createFindPreview(download: AccountDownload, tasks: Pick<WatchedTasks, 'read'>): FindPreview {
  const fetched = cached(
    (taskAndLink: string) => {
      const [id = '', link = ''] = taskAndLink.split(' ');
      if (!isTaskId(id)) throw new Error('Only pictures of tasks are fetched here.');
      const options = { mostBytes, signal: AbortSignal.timeout(timeLimitMs) };
      return withTimeLimit(download(id, link, options), timeLimitMs);
    },
    { ms: keptForMs, most: mostKept },
  );

  return async (name) => {
    const [id = ''] = name.split('-');
    const task = isTaskId(id) ? await tasks.read(id) : undefined;
    if (!task?.previewUrl || !shows(task, name)) return undefined;
    const bytes = await fetched(`${id} ${task.previewUrl}`).catch(() => undefined);
    const extension = bytes && pictureExtension(bytes);
    return extension && { bytes, contentType: contentTypeOf(extension) };
  };
}

/** Takes the same time whatever differs. */
function shows(task: ShownTask, name: string): boolean {
  const own = Buffer.from(previewName(task) ?? '');
  const given = Buffer.from(name);
  return own.length === given.length && timingSafeEqual(own, given);
}
