import { notices, tasks, uploads } from '@midjourney-api/shared/database/schema';
import { firstTaskId } from '@midjourney-api/shared/tasks/task-id';
import { and, eq, inArray, lt, notExists, sql } from 'drizzle-orm';
import type { Dependencies } from '../dependencies.ts';
import { deleteTasks, deletionBatch, type EndedTask } from './delete-tasks.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * Deletes tasks that ended more than TASK_RETENTION_DAYS ago, and the oldest of more than TASK_RETENTION_COUNT, with
 * their pictures, notices and ledger rows, whose sum stays; and uploads of that age, which Discord has dropped long
 * before. What ended within a day stays in any case: its Idempotency-Key, or its late picture, may still ask for it.
 * @param hasTime asked before each batch; what is left over is for the next call.
 * @returns how many tasks were deleted.
 */
export async function deleteOldTasks(
  { config, db, pictures, log }: Pick<Dependencies, 'config' | 'db' | 'pictures' | 'log'>,
  now: Date,
  hasTime: () => boolean,
): Promise<number> {
  const { TASK_RETENTION_DAYS: keptDays, TASK_RETENTION_COUNT: keptCount } = config;
  const daysAgo = (days: number) => new Date(now.getTime() - days * dayMs);
  let deleted = 0;
  if (keptDays > 0) {
    deleted += await deleteOldest(daysAgo(keptDays), Number.POSITIVE_INFINITY);
    await db
      .delete(uploads)
      .where(lt(uploads.id, firstTaskId(daysAgo(keptDays))))
      .limit(1_000);
  }
  if (keptCount > 0 && hasTime()) deleted += await deleteOldest(daysAgo(1), (await countEnded()) - keptCount);
  if (deleted > 0) log.info({ count: deleted }, 'deleted old tasks');
  return deleted;

  /** @param most how many at most */
  async function deleteOldest(endedBefore: Date, most: number): Promise<number> {
    let gone = 0;
    while (gone < most && hasTime()) {
      const oldest = [
        ...(await readBatch('succeeded', endedBefore)),
        ...(await readBatch('failed', endedBefore)),
      ];
      oldest.sort((one, other) => Number(one.id) - Number(other.id));
      const batch = oldest.slice(0, Math.min(deletionBatch, most - gone));
      const unchanged = await deleteTasks({ db, pictures: pictures?.store }, batch);
      gone += unchanged;
      // Tasks that were not deleted have changed meanwhile, and would be read again.
      if (batch.length < deletionBatch || unchanged === 0) break;
    }
    return gone;
  }

  async function countEnded(): Promise<number> {
    const [row] = await db
      .select({ count: sql<number>`count(*)`.mapWith(Number) })
      .from(tasks)
      .where(inArray(tasks.status, ['succeeded', 'failed']));
    return row?.count ?? 0;
  }

  function readBatch(status: 'succeeded' | 'failed', endedBefore: Date): Promise<EndedTask[]> {
    const waitingNotice = db
      .select({ taskId: notices.taskId })
      .from(notices)
      .where(and(eq(notices.taskId, tasks.id), eq(notices.state, 'waiting')));
    return db
      .select({ id: tasks.id, version: tasks.version, imageFile: tasks.imageFile })
      .from(tasks)
      .where(
        and(
          eq(tasks.status, status),
          // A task that ended before this time began before it; only the ids are in order.
          lt(tasks.id, firstTaskId(endedBefore)),
          lt(tasks.finishedAt, endedBefore),
          notExists(waitingNotice),
        ),
      )
      .orderBy(tasks.id)
      .limit(deletionBatch);
  }
}
