import { createHash } from 'node:crypto';
import type { Config } from '@midjourney-api/shared/config/config';
import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { Queues } from '@midjourney-api/shared/queues/queues';
import { type ShownTask, shownColumns } from '@midjourney-api/shared/tasks/find-tasks';
import { linkExpiry, pictureLink } from '@midjourney-api/shared/tasks/picture';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import type { QueueEvents } from 'bullmq';
import { inArray } from 'drizzle-orm';
import type { Clock } from '../clock.ts';
import { withTimeLimit } from '../time-limit.ts';

/** How long a read of a task waits for a link that works, in milliseconds. */
const patienceMs = 3_000;
/** As many as Discord renews at once. */
const atOnce = 50;
/** After a renewal failed, the same links are not requested again so soon. */
const againAfterMs = 30_000;

/** The same tasks, with links that work where Discord's had expired, if they could be had in time. */
export interface FreshLinks {
  (shown: ShownTask[]): Promise<ShownTask[]>;
  /** Whether a link of the task's may expire, now or later: a client that has it may need another. */
  mayBeNeeded(task: Pick<ShownTask, 'status' | 'imageFile'>): boolean;
}

interface FreshLinksOptions {
  config: Pick<Config, 'IMAGE_STORE'>;
  db: Database;
  queues: Pick<Queues, 'uploads'>;
  uploadEvents: QueueEvents;
  log: Logger;
  clock: Clock;
}

/**
 * Discord's links expire after about a day. The api has no credential of Discord's, so it has a worker renew
 * those of tasks whose picture is not stored here. The new ones are in MySQL until they expire too.
 */
export function createFreshLinks({
  config,
  db,
  queues,
  uploadEvents,
  log,
  clock,
}: FreshLinksOptions): FreshLinks {
  const mayBeNeeded: FreshLinks['mayBeNeeded'] = (task) =>
    !isOpen(task) && (task.imageFile === null || config.IMAGE_STORE === 'none');
  const isExpired = (task: ShownTask): boolean => {
    const link = pictureLink(task);
    if (link === null || !mayBeNeeded(task)) return false;
    const expiry = linkExpiry(link);
    return expiry !== undefined && expiry <= clock();
  };

  async function renew(expired: ShownTask[]): Promise<void> {
    const jobId = jobIdOf(expired);
    const earlier = await queues.uploads.getJob(jobId);
    if (earlier?.finishedOn && earlier.finishedOn < Date.now() - againAfterMs) await earlier.remove();
    const taskIds = expired.map(({ id }) => id);
    const job = await queues.uploads.add('refresh', { kind: 'refresh', taskIds }, { jobId });
    try {
      await job.waitUntilFinished(uploadEvents, patienceMs);
    } catch (error) {
      // Nobody waits for it now; the next reader adds it again.
      if (!(await job.isFailed())) await job.remove();
      throw error;
    }
  }

  const freshLinks = async (shown: ShownTask[]): Promise<ShownTask[]> => {
    const expired = shown.filter(isExpired);
    if (expired.length === 0) return shown;
    const batches = Array.from({ length: Math.ceil(expired.length / atOnce) }, (_, at) =>
      expired.slice(at * atOnce, (at + 1) * atOnce),
    );
    // Without Redis or a worker the task is shown with the link that it has.
    await withTimeLimit(Promise.allSettled(batches.map(renew)), patienceMs + 500)
      .then((outcomes) => {
        for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
      })
      .catch((err) => log.warn({ err, tasks: expired.map(({ id }) => id) }, 'links not renewed'));
    const ids = expired.map(({ id }) => id);
    const renewed = new Map(
      (await db.select(shownColumns).from(tasks).where(inArray(tasks.id, ids))).map((task) => [
        task.id,
        task,
      ]),
    );
    return shown.map((task) => renewed.get(task.id) ?? task);
  };
  return Object.assign(freshLinks, { mayBeNeeded });
}

/** The same for the same links: however many ask at once, one job renews them. */
function jobIdOf(expired: ShownTask[]): string {
  const links = expired.map((task) => `${task.id} ${pictureLink(task)}`).join('\n');
  return `refresh-${createHash('sha256').update(links).digest('hex').slice(0, 32)}`;
}
