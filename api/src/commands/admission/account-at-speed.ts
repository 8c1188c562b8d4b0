import { accountsToDraw, findAccount } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Speed } from '@midjourney-api/shared/tasks/task';
import { Refusal } from '../refusal.ts';

/**
 * Chooses the account to upload a picture with, for a command at this speed: one that is set to it, or else one that is
 * set to no speed.
 * @throws {Refusal} `action_unavailable` when there is no such account.
 */
export async function accountAtSpeed(db: Database, speed: Speed): Promise<string> {
  const ready = await accountsToDraw(db);
  const able = [speed, null].map((own) => ready.filter((account) => account.speed === own));
  const best = able.find((accounts) => accounts.length > 0) ?? [];
  const chosen = best[Math.floor(Math.random() * best.length)];
  if (chosen) return chosen.name;
  throw new Refusal(
    'action_unavailable',
    `No Midjourney account that is ready now draws at the speed ${speed}: leave speed out, or try another. Nothing was charged.`,
  );
}

interface SpeedOfAccount {
  speed: Speed | null | undefined;
  account: string;
  /** Whether the account has to be set to it, because the command itself cannot ask for a speed. */
  mustBeSet: boolean;
  /** What to do instead, as a sentence. */
  otherwise: string;
}

/** @throws {Refusal} `action_unavailable` when the only account that can do it does not draw at this speed. */
export async function checkSpeedOf(
  db: Database,
  { speed, account, mustBeSet, otherwise }: SpeedOfAccount,
): Promise<void> {
  if (!speed) return;
  const own = (await findAccount(db, account))?.speed ?? null;
  if (own === speed || (own === null && !mustBeSet)) return;
  const present = own ? `draws at the speed ${own}` : 'draws at whatever speed Midjourney is set to';
  throw new Refusal(
    'action_unavailable',
    `The Midjourney account that has to do this ${present}, not ${speed}. ${otherwise} Nothing was charged.`,
  );
}
