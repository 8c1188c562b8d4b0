import type { FailCode } from '@midjourney-api/shared/tasks/task';
import { DiscordAPIError } from 'discord.js';

/** The account may not send, for a reason that a person has to mend. What it was to do waits, or goes elsewhere. */
export class AccountRefused extends Error {
  override readonly name = 'AccountRefused';
  readonly code: FailCode;

  constructor(code: FailCode, reason: string) {
    super(reason);
    this.code = code;
  }
}

const captchaReason =
  "Discord asks the account's user for a captcha: sign in to Discord as that user, send a command in the channel by hand, solve the captcha, then resume the account.";

/**
 * @returns what the failure of a user's request says of the account; undefined when it is about the request only.
 * A captcha is a 400 without a `code`: https://docs.discord.food/topics/captcha-handling
 */
export function accountRefusalIn(error: unknown): AccountRefused | undefined {
  if (!(error instanceof DiscordAPIError)) return undefined;
  const { status, message, rawError } = error;
  if (status === 400 && 'captcha_key' in rawError)
    return new AccountRefused('verification_required', captchaReason);
  if (status !== 401 && status !== 403) return undefined;
  return new AccountRefused('account_unavailable', `Discord answered ${status} to the account: ${message}`);
}
