import { eq, inArray } from 'drizzle-orm';
import type { Database } from '../../database/connect.ts';
import { notices, tasks, users } from '../../database/schema.ts';
import type { NoticeState } from '../../notices/notices.ts';
import type { ShownTask } from '../find-tasks.ts';
import type { TaskId } from '../task-id.ts';

/** What operators see of a task beside its view. Fields without a value are left out. */
export interface OperatorView {
  /** Not there once the user is deleted. */
  user?: string | undefined;
  account?: string | undefined;
  /** How often a worker was about to send it. */
  attempts: number;
  /** Of the request that submitted it. */
  request_id?: string | undefined;
  fail_detail?: string | undefined;
  /** How many of what its notify_hook is sent are in each state, and why the last attempt failed. */
  notices?: (Partial<Record<NoticeState, number>> & { reason?: string }) | undefined;
  late_result?: LateResultView | undefined;
}

interface LateResultView {
  available: true;
  image_url?: string | undefined;
  msg_id: string;
  msg_hash?: string | undefined;
}

/** @param imagesAt address under which stored pictures are served; without it, pictures are shown at Discord. */
export async function readOperatorViews(
  db: Database,
  shown: ShownTask[],
  imagesAt?: string,
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
        ...lateResultOf(task, imagesAt),
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

/** What a late picture is, its owner sees once it is claimed. */
function lateResultOf(
  { status, lateResult, imageFile }: ShownTask,
  imagesAt: string | undefined,
): Pick<OperatorView, 'late_result'> {
  if (status !== 'failed' || lateResult === null) return {};
  const stored = imagesAt !== undefined && imageFile !== null ? `${imagesAt}/${imageFile}` : undefined;
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
