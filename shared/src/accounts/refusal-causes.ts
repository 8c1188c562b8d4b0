import type { FailCode } from '../tasks/task.ts';
import type { AccountState } from './account-states.ts';

/**
 * Why Discord or Midjourney refuses an account.
 * - `captcha`: Discord demands a captcha
 * - `human_check`: Midjourney demands its human check
 * - `blocked`: Midjourney does not let it draw, often until a time that it names
 * - `moderation`: a moderator of Midjourney has written to it or warned it
 * - `subscription`, `terms`: it has no hours left, or must accept Midjourney's terms
 * - `credentials`, `forbidden`: Discord answered 401 or 403
 * - `listening`: Discord does not let its session read the channel
 * - `silent`: nothing that it sends is answered
 * - `unknown`: refused in words that are not known here
 */
export const refusalCauses = [
  'captcha',
  'human_check',
  'blocked',
  'moderation',
  'subscription',
  'terms',
  'credentials',
  'forbidden',
  'listening',
  'silent',
  'unknown',
] as const;
export type RefusalCause = (typeof refusalCauses)[number];

/** Why an account may send nothing until a person has fixed it. */
export interface AccountRefusal {
  cause: RefusalCause;
  /** For operators, often in the words of Discord or Midjourney. */
  reason: string;
  /** When it ends, if known. */
  until: Date | null;
}

interface CauseFacts {
  state: Extract<AccountState, 'refused' | 'verification_required'>;
  /** What a person has to do. */
  advice: string;
}

const facts: Record<RefusalCause, CauseFacts> = {
  captcha: {
    state: 'verification_required',
    advice:
      'Sign in to Discord as the account’s user, send a command in the channel by hand and solve the captcha. Then resume the account.',
  },
  human_check: {
    state: 'verification_required',
    advice:
      'Open check_link and answer the check, or send a command in the channel as the account’s user, which shows the check again. Then resume the account.',
  },
  blocked: {
    state: 'refused',
    advice:
      'Send nothing by hand either until the block has ended. Then resume the account; with --resume-after-block it resumes by itself.',
  },
  moderation: {
    state: 'refused',
    advice:
      'Read what Midjourney wrote in the channel, as the account’s user, and acknowledge it there. Then resume the account.',
  },
  subscription: {
    state: 'refused',
    advice: 'Renew the subscription or buy hours at https://midjourney.com/account. Then resume the account.',
  },
  terms: {
    state: 'refused',
    advice: 'Accept Midjourney’s terms in the channel, as the account’s user. Then resume the account.',
  },
  credentials: {
    state: 'refused',
    advice:
      'Sign in to Discord as the account’s user, and give the account its new token: "accounts set NAME --tokens", or DISCORD_USER_TOKEN. Then resume the account.',
  },
  forbidden: {
    state: 'refused',
    advice:
      'Sign in to Discord as the account’s user: Discord may ask for something, such as a phone number. See that it may use commands in the channel. Then resume the account.',
  },
  listening: {
    state: 'refused',
    advice:
      'Fix what the reason says: the token of the bot or user that listens, its Message Content intent, or its permissions in the channel. Then resume the account.',
  },
  silent: {
    state: 'verification_required',
    advice:
      'Look into the channel as the account’s user, who may be asked something there, and answer it. Then resume the account.',
  },
  unknown: {
    state: 'refused',
    advice:
      'Look into the channel as the account’s user, and fix what Midjourney objects to. Then resume the account.',
  },
};

export function stateFor(cause: RefusalCause): CauseFacts['state'] {
  return facts[cause].state;
}

export function adviceFor(cause: RefusalCause): string {
  return facts[cause].advice;
}

/** The code of a task that fails because its account is refused. */
export function failCodeFor(cause: RefusalCause): FailCode {
  return stateFor(cause) === 'verification_required' ? 'verification_required' : 'account_unavailable';
}
