import type { Transaction } from '../database/connect.ts';
import { type accounts, operatorNotices } from '../database/schema.ts';
import type { AccountState } from './account-states.ts';
import { adviceFor, type RefusalCause } from './refusal-causes.ts';

type AccountRow = typeof accounts.$inferSelect;

/** The body of a post to OPERATOR_HOOK. */
export interface OperatorNoticeBody {
  /** `account.check_link`: the link to a refused account's human check is now known. */
  type: 'account.state' | 'account.check_link';
  timestamp: string;
  data: {
    account: string;
    state: AccountState | 'disabled';
    /** The state before. */
    before: AccountState | 'disabled';
    cause: RefusalCause | null;
    reason: string | null;
    advice: string | null;
    until: string | null;
    check_link: string | null;
  };
}

/**
 * Records the notice of a change of an account's state, in the transaction that makes the change. If OPERATOR_HOOK is
 * set, the notice is delivered; otherwise it is dropped.
 */
export async function recordStateNotice(
  tx: Transaction,
  before: AccountRow,
  after: AccountRow,
  now = new Date(),
): Promise<void> {
  const isNewState = shownState(after) !== shownState(before);
  const isNewLink = after.checkLink !== null && after.checkLink !== before.checkLink;
  if (!isNewState && !isNewLink) return;
  const body: OperatorNoticeBody = {
    type: isNewState ? 'account.state' : 'account.check_link',
    timestamp: now.toISOString(),
    data: {
      account: after.name,
      state: shownState(after),
      before: shownState(before),
      cause: after.cause,
      reason: after.reason,
      advice: after.cause && adviceFor(after.cause),
      until: after.until?.toISOString() ?? null,
      check_link: after.checkLink,
    },
  };
  await tx.insert(operatorNotices).values({ body: JSON.stringify(body), dueAt: now, createdAt: now });
}

/** As operators see it. */
export function shownState({
  enabled,
  state,
}: Pick<AccountRow, 'enabled' | 'state'>): AccountState | 'disabled' {
  return enabled ? state : 'disabled';
}
