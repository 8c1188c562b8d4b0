import { and, desc, eq, lt } from 'drizzle-orm';
import type { Database, Executor, Transaction } from '../database/connect.ts';
import { audit } from '../database/schema.ts';

/** Everything that operators change, by the shell or by the API. */
export const auditActions = [
  'users.create',
  'users.update-tokens',
  'users.add-tokens',
  'users.reset-usage',
  'users.rotate-key',
  'users.rotate-hook-secret',
  'users.set-role',
  'users.set-priority',
  'users.disable',
  'users.enable',
  'users.delete',
  'accounts.add',
  'accounts.set',
  'accounts.disable',
  'accounts.enable',
  'accounts.resume',
  'accounts.remove',
  'accounts.reseal',
  'tasks.release',
  'tasks.cancel',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** What was changed, for people. Never a secret. */
export type AuditDetail = Record<string, string | number | boolean | null>;

export interface OperatorWrite {
  actor: string;
  action: AuditAction;
  /** The user, the account or the task. */
  target: string;
  detail?: AuditDetail;
  /** Of a write by the API. */
  requestId?: string;
}

export type AuditEntry = typeof audit.$inferSelect;

/** Makes a write and notes it, both or neither. */
export async function audited<T>(
  db: Database,
  write: OperatorWrite,
  make: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return db.transaction(async (tx) => {
    const made = await make(tx);
    await recordWrite(tx, write);
    return made;
  });
}

/** Notes a write that cannot share a transaction with its note. */
export async function recordWrite(db: Executor, write: OperatorWrite): Promise<void> {
  await db.insert(audit).values({ ...write, at: new Date() });
}

export interface AuditFilter {
  actor?: string | undefined;
  target?: string | undefined;
  /** Only what is older than this entry. */
  before?: number | undefined;
  limit: number;
}

/** The newest first. */
export async function listAudit(
  db: Database,
  { actor, target, before, limit }: AuditFilter,
): Promise<AuditEntry[]> {
  return db
    .select()
    .from(audit)
    .where(
      and(
        actor === undefined ? undefined : eq(audit.actor, actor),
        target === undefined ? undefined : eq(audit.target, target),
        before === undefined ? undefined : lt(audit.id, before),
      ),
    )
    .orderBy(desc(audit.id))
    .limit(limit);
}
