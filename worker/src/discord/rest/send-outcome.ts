import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import { DiscordAPIError, HTTPError } from 'discord.js';
import { AccountRefused } from './account-refused.ts';

/** What became of a request to Discord that must not be sent twice. */
export type SendOutcome =
  /** Discord took it. Midjourney may still do nothing. */
  | { type: 'taken' }
  /** Discord definitely did not take it: refused, or never reached. */
  | { type: 'refused'; status: number; code: number; message: string }
  /** Discord definitely did not take it, nor will it take anything else of this account. */
  | { type: 'account refused'; refusal: AccountRefusal }
  | { type: 'unreachable'; message: string }
  /** Not known whether Discord took it: the answer was lost, or Discord failed while it worked on it. */
  | { type: 'unknown'; message: string };

/** Errors of sockets that never carried the request: Discord cannot have seen it. */
const neverSent = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

/** What an error says of the request that failed with it. @throws what is no error. */
export function outcomeOf(error: unknown): SendOutcome {
  if (error instanceof AccountRefused) return { type: 'account refused', refusal: error.refusal };
  if (error instanceof DiscordAPIError) {
    return { type: 'refused', status: error.status, code: Number(error.code), message: error.message };
  }
  if (error instanceof HTTPError) return { type: 'unknown', message: `Discord answered ${error.status}` };
  if (!(error instanceof Error)) throw error;
  const code = socketErrorCode(error);
  return neverSent.includes(code)
    ? { type: 'unreachable', message: code }
    : { type: 'unknown', message: code };
}

function socketErrorCode(error: Error): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return error.name;
}
