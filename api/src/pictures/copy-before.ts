import type { Task } from '@midjourney-api/shared/tasks/task';
import { type TaskEvent, transition } from '@midjourney-api/shared/tasks/transition';
import type { Dependencies } from '../dependencies.ts';
import { withTimeLimit } from '../time-limit.ts';
import { discardPicture } from './copy-picture.ts';

/** The worker waits for the answer, and posts the result again after ten seconds without one. */
const timeLimitMs = 4_000;

/**
 * Stores the picture of a task that is about to succeed, so that its client never sees a link that expires.
 * A picture that cannot be stored in time is copied later, as if this had not been tried.
 * @returns the event, with the stored picture if there is one.
 */
export type CopyBefore = (task: Task, event: TaskEvent) => Promise<TaskEvent>;

export function createCopyBefore(
  { config, pictures, log, clock }: Pick<Dependencies, 'config' | 'pictures' | 'log' | 'clock'>,
  limitMs = timeLimitMs,
): CopyBefore {
  if (!pictures || config.IMAGE_COPY !== 'before') return async (_task, event) => event;
  return async (task, event) => {
    if (event.type !== 'succeeded' || event.result.imageUrl === null) return event;
    // A repeated or late result changes nothing, and so needs no picture.
    if (!transition(task, event, clock())) return event;
    const copying = pictures.copy(task.id, event.result.imageUrl, AbortSignal.timeout(limitMs));
    try {
      return { ...event, copy: await withTimeLimit(copying, limitMs) };
    } catch (err) {
      copying.then((copy) => discardPicture(pictures.store, copy)).catch(() => {});
      log.warn(
        { err, task: task.id },
        'picture not stored before its task succeeded; it is tried again after',
      );
      return event;
    }
  };
}
