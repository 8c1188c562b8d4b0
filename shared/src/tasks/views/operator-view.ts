import { eq, inArray } from 'drizzle-orm';
import type { Database } from '../../database/connect.ts';
import { notices, tasks, users } from '../../database/schema.ts';
import type { ShownTask } from '../find-tasks.ts';
import type { TaskId } from '../task-id.ts';
import type { OperatorView } from './task-schema.ts';

/**
 * What operators see of tasks in addition to their views.
 * @param picturesAt base URL of stored pictures; without it, links lead to Discord
 */
export async function readOperatorViews(
  db: Database,
  shown: ShownTask[],
  picturesAt?: string,
): Promise<Map<TaskId, OperatorView>> {
  const ids = shown.map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({
      id: tasks.id,
      user: users.userName,
      attempts: tasks.sendAttempts,
      requestId: tasks.requestId,
      failDetail: tasks.failDetail,
    })
    .from(tasks)
    .leftJoin(users, eq(users.id, tasks.userId))
    .where(inArray(tasks.id, ids));
  const found = new Map(rows.map((row) => [row.id, row]));
  const noticesOf = await readNotices(db, ids);
  return new Map(
    shown.map((task) => {
      const row = found.get(task.id);
      const view: OperatorView = {
        user: row?.user ?? undefined,
        account: task.account ?? undefined,
        attempts: row?.attempts ?? 0,
        request_id: row?.requestId ?? undefined,
        fail_detail: row?.failDetail ?? undefined,
        notices: noticesOf.get(task.id),
        ...lateResultOf(task, picturesAt),
      };
      return [task.id, view];
    }),
  );
}

async function readNotices(db: Database, ids: TaskId[]): Promise<Map<TaskId, OperatorView['notices']>> {
  const rows = await db
    .select({ taskId: notices.taskId, state: notices.state, reason: notices.reason })
    .from(notices)
    .where(inArray(notices.taskId, ids))
    .orderBy(notices.taskId, notices.version);
  const found = new Map<TaskId, NonNullable<OperatorView['notices']>>();
  for (const { taskId, state, reason } of rows) {
    const counts = found.get(taskId) ?? {};
    found.set(taskId, { ...counts, [state]: (counts[state] ?? 0) + 1, ...(reason !== null && { reason }) });
  }
  return found;
}

/** Owners see a late result only once they have claimed it. */
function lateResultOf(
  { status, lateResult, imageFile }: ShownTask,
  picturesAt: string | undefined,
): Pick<OperatorView, 'late_result'> {
  if (status !== 'failed' || lateResult === null) return {};
  const stored = picturesAt !== undefined && imageFile !== null ? `${picturesAt}/${imageFile}` : undefined;
  const { imageUrl, messageId, messageHash } = lateResult;
  return {
    late_result: {
      available: true,
      image_url: imageUrl === null ? undefined : (stored ?? imageUrl),
      msg_id: messageId,
      msg_hash: messageHash ?? undefined,
    },
  };
}
