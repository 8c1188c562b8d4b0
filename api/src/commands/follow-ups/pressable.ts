import type { AccountRow } from '@midjourney-api/shared/accounts/accounts';
import type { Press } from '@midjourney-api/shared/midjourney/custom-id';
import { factsOf, formOf } from '@midjourney-api/shared/midjourney/press-facts';
import type { Advice } from '../advice.ts';

/** The account that has to press, as far as that matters; undefined for one that is gone. */
export type PressingAccount = Pick<AccountRow, 'session' | 'remix'> | undefined;

/** Why a button cannot be pressed. */
export interface Objection {
  /** A sentence without its subject, the button. */
  why: string;
  advice?: Advice | undefined;
}

/** Forms are opened for the account's user: a bot's session does not see them. */
export function seesForms(account: PressingAccount): boolean {
  return account?.session === 'user';
}

/** Whether a prompt can be written into the form that this button opens, as far as is known. */
export function takesPrompt(press: Press, account: PressingAccount): boolean {
  const form = formOf(press);
  return seesForms(account) && (form === 'always' || (form === 'in remix mode' && account?.remix !== false));
}

/** What is wrong with every button whose form has to be filled in. */
export const formNeedsUserSession =
  "opens a form for a prompt, which is shown to the account's user only: the operator has to let the account listen with a user session";

/** What is wrong with a prompt for a button whose form opens in remix mode only, where that is known to be off. */
export const formNeedsRemix =
  "takes a prompt in remix mode only, which was off when the account's settings were last read: leave prompt out, or ask the operator to switch remix on";

/** @returns undefined where the account can press it. */
export function objectionToPress(press: Press, account: PressingAccount): Objection | undefined {
  const facts = factsOf(press);
  if (!facts.draws) return { why: facts.whyNot, advice: insteadOf(press) };
  if (facts.needs === 'user session' && !seesForms(account)) return { why: formNeedsUserSession };
  return undefined;
}

/** What does the same as a button that cannot be pressed here. */
function insteadOf({ kind }: Press): Advice | undefined {
  if (kind === 'all_prompts') return { operation: 'imagine_all' };
  return kind === 'cancel' ? { operation: 'cancel' } : undefined;
}
