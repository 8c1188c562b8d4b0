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
