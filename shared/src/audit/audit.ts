import { and, desc, eq, lt } from 'drizzle-orm';
import type { Database, Executor, Transaction } from '../database/connect.ts';
import { audit } from '../database/schema.ts';
import type { AuditAction, AuditDetail } from './audit-actions.ts';

export interface OperatorWrite {
  actor: string;
  action: AuditAction;
  /** The user, the account or the task. */
  target: string;
  detail?: AuditDetail;
  /** Only for a write through the API. */
  requestId?: string;
}

export type AuditEntry = typeof audit.$inferSelect;

/** Makes a write and records it, both or neither. */
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

/** Records a write; use `audited` where both can share a transaction. */
export async function recordWrite(db: Executor, write: OperatorWrite): Promise<void> {
  await db.insert(audit).values({ ...write, at: new Date() });
}

export interface AuditFilter {
  actor?: string | undefined;
  target?: string | undefined;
  /** Only entries older than this one. */
  before?: number | undefined;
  limit: number;
}

/** Newest first. */
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
