import { and, eq, gt, sql } from 'drizzle-orm';
import { findAccount, type ShownAccount, standingOf } from '../accounts/accounts.ts';
import type { Executor } from '../database/connect.ts';
import { tasks } from '../database/schema.ts';
import { firstTaskId } from '../tasks/task-id.ts';

/** What MySQL knows about an account: input for the findings. */
export interface AccountRecord
  extends Pick<ShownAccount, 'name' | 'session' | 'state' | 'reason' | 'cause' | 'until'> {
  guildId: string | null;
  /** The worker that has it now. */
  worker: string | null;
  /** Of its tasks of the last seven days. */
  recent: {
    /** Those that failed because Midjourney never answered. */
    notStarted: number;
    /** Those that filled in a form, which only a user session sees. */
    forms: number;
  };
}

const recentMs = 7 * 24 * 3_600_000;

/** @returns undefined if there is no account of this name. */
export async function readAccountRecord(
  db: Executor,
  name: string,
  now = new Date(),
): Promise<AccountRecord | undefined> {
  const row = await findAccount(db, name);
  if (!row) return undefined;
  const counted = (condition: ReturnType<typeof sql>) =>
    sql<number>`coalesce(sum(${condition}), 0)`.mapWith(Number);
  const [recent] = await db
    .select({
      notStarted: counted(sql`${tasks.failCode} = 'not_started'`),
      forms: counted(
        sql`json_value(${tasks.action}, '$.kind') = 'button' and json_value(${tasks.action}, '$.prompt') is not null`,
      ),
    })
    .from(tasks)
    .where(and(eq(tasks.account, name), gt(tasks.id, firstTaskId(new Date(now.getTime() - recentMs)))));
  const { state, driver: worker } = standingOf(row, now);
  return {
    name,
    session: row.session,
    guildId: row.guildId,
    state,
    reason: row.reason,
    cause: row.cause,
    until: row.until?.toISOString() ?? null,
    worker,
    recent: recent ?? { notStarted: 0, forms: 0 },
  };
}
