import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import { DiscordAPIError } from 'discord.js';

/** The account may not send, for a reason that a person has to resolve. Its tasks wait, or go to another account. */
export class AccountRefused extends Error {
  override readonly name = 'AccountRefused';
  readonly refusal: AccountRefusal;

  constructor(refusal: AccountRefusal) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

/**
 * @returns what the failure of a user's request says of the account; undefined when it is about the request only.
 * A captcha is a 400 without a `code`: https://docs.discord.food/topics/captcha-handling
 */
export function accountRefusalIn(error: unknown): AccountRefusal | undefined {
  if (!(error instanceof DiscordAPIError)) return undefined;
  const { status, message, rawError } = error;
  if (status === 400 && 'captcha_key' in rawError)
    return { cause: 'captcha', reason: "Discord asks the account's user for a captcha.", until: null };
  const reason = `Discord answered ${status} to the account: ${message}`;
  if (status === 401) return { cause: 'credentials', reason, until: null };
  if (status === 403) return { cause: 'forbidden', reason, until: null };
  return undefined;
}
