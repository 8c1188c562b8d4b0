import type { Finding } from './finding.ts';

/** What the doctor checks, in the order in which it is shown. */
export const accountChecks = [
  'state',
  'worker',
  'user_token',
  'bot_token',
  'message_content',
  'channel',
  'reading',
  'sending',
  'slow_mode',
  'commands',
  'session',
  'info',
  'settings',
  'clock',
] as const;
export type AccountCheck = (typeof accountChecks)[number];
export type AccountFinding = Finding<AccountCheck>;
