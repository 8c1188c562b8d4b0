import { accountNames } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import { findTasksByHash } from '@midjourney-api/shared/tasks/find-tasks';
import { type Bot, isClaimable, type Speed } from '@midjourney-api/shared/tasks/task';
import type { User } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import { checkSpeedOf } from '../admission/account-at-speed.ts';
import { invalidField, lateResultOf, Refusal } from '../refusal.ts';
import { ofBot, type TaskRequest } from './task-request.ts';

interface Show {
  /** Midjourney's UUID of the job, in lower case. */
  jobId: string;
  /** The account that drew it; needed for a job that this service did not draw, where there are several accounts. */
  account?: string | null | undefined;
  speed?: Speed | null | undefined;
  bot?: Bot | null | undefined;
}

/**
 * @throws {Refusal} `not_found` when the job is another user's; `action_unavailable` for a late picture that has to be
 * claimed first, or a speed that its account does not draw at.
 */
export async function showRequest(
  { db }: Pick<Dependencies, 'db'>,
  user: Pick<User, 'id'>,
  { jobId, account: named, speed, bot }: Show,
): Promise<TaskRequest> {
  const drawnHere = await findTasksByHash(db, jobId);
  const own = drawnHere.find((task) => task.userId === user.id);
  if (!own && drawnHere.length > 0) throw new Refusal('not_found', `You have no job ${jobId}.`);
  if (own && isClaimable(own)) throw lateResultOf(own);
  const account = own?.account ?? (await namedAccount(db, named));
  await checkSpeedOf(db, { speed, account, mustBeSet: false, otherwise: 'Leave speed out.' });
  return {
    triggerType: 'show',
    action: { kind: 'show', jobId, ...ofBot(bot ?? own?.action.bot) },
    account,
    prompt: own?.prompt ?? '',
    ...(own && { parentId: own.id, speed: own.speed }),
  };
}

/** @throws {Refusal} `invalid_request` when there is no such account, or none is named and there are several. */
async function namedAccount(db: Database, name: string | null | undefined): Promise<string> {
  const names = await accountNames(db);
  const [only] = names;
  if (name ? names.includes(name) : names.length === 1) return name ?? only ?? '';
  throw invalidField(
    'account',
    name
      ? 'is not the name of a Midjourney account; ask the operator for it'
      : 'is needed, as this service did not draw the job: the Midjourney account that did, by the name that the operator gave it',
  );
}
