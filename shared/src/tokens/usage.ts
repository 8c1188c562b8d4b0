import { and, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { Database } from '../database/connect.ts';
import { tasks, tokenDays, tokenLedger, users } from '../database/schema.ts';
import type { TriggerType } from '../tasks/task.ts';
import { movementCounts, movementDay } from './ledger.ts';

export interface UsageFilter {
  /** Only this user's; everybody's if left out. */
  userId?: number | undefined;
  /** The first day, as YYYY-MM-DD in UTC. */
  from: string;
  /** The last day. */
  to: string;
  by: 'day' | 'month';
}

/** Tokens that moved within a period, of one user and for one kind of task. */
export interface Usage {
  /** YYYY-MM-DD, or YYYY-MM. */
  period: string;
  /** null: a deleted user. */
  userName: string | null;
  triggerType: TriggerType;
  reserved: number;
  spent: number;
  returned: number;
}

type UsageOfDay = typeof tokenDays.$inferSelect;

/**
 * What tokens were used for: from the ledger's rows for existing tasks, from the counts per day for deleted ones. A token
 * counts at the time of its movement, so a task may be reserved in one month and spent in the next.
 */
export async function readUsage(db: Database, { userId, from, to, by }: UsageFilter): Promise<Usage[]> {
  const userIds = userId === undefined ? await usersOfLedger(db) : [userId];
  const present =
    userIds.length === 0
      ? []
      : await db
          .select({
            userId: tokenLedger.userId,
            day: movementDay,
            triggerType: tasks.triggerType,
            ...movementCounts,
          })
          .from(tokenLedger)
          .innerJoin(tasks, eq(tasks.id, tokenLedger.taskId))
          .where(
            and(
              // Each user is one range of the index.
              inArray(tokenLedger.userId, userIds),
              gte(tokenLedger.createdAt, new Date(from)),
              lt(tokenLedger.createdAt, new Date(Date.parse(to) + dayMs)),
            ),
          )
          .groupBy(tokenLedger.userId, movementDay, tasks.triggerType);
  const deleted = await db
    .select()
    .from(tokenDays)
    .where(
      and(
        userId === undefined ? undefined : eq(tokenDays.userId, userId),
        gte(tokenDays.day, from),
        sql`${tokenDays.day} <= ${to}`,
      ),
    );
  return addUp([...present, ...deleted], await userNames(db), by);
}

const dayMs = 24 * 60 * 60 * 1_000;

/** Deleted users included. */
async function usersOfLedger(db: Database): Promise<number[]> {
  const rows = await db.selectDistinct({ userId: tokenLedger.userId }).from(tokenLedger);
  return rows.map((row) => row.userId);
}

async function userNames(db: Database): Promise<Map<number, string>> {
  const rows = await db.select({ id: users.id, userName: users.userName }).from(users);
  return new Map(rows.map(({ id, userName }) => [id, userName]));
}

function addUp(days: UsageOfDay[], names: Map<number, string>, by: 'day' | 'month'): Usage[] {
  const sums = new Map<string, Usage>();
  for (const { userId, day, triggerType, reserved, spent, returned } of days) {
    const period = by === 'day' ? day : day.slice(0, 7);
    const key = [period, userId, triggerType].join(' ');
    const sum = sums.get(key);
    sums.set(key, {
      period,
      userName: names.get(userId) ?? null,
      triggerType,
      reserved: reserved + (sum?.reserved ?? 0),
      spent: spent + (sum?.spent ?? 0),
      returned: returned + (sum?.returned ?? 0),
    });
  }
  const order = ({ period, userName, triggerType }: Usage) => [period, userName ?? '', triggerType].join(' ');
  return [...sums.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}
