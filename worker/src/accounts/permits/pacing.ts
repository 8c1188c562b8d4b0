import type { Pacing } from '@midjourney-api/shared/accounts/pacing/pacing';
import { nextWorkingTime, parseWorkingHours } from '@midjourney-api/shared/accounts/pacing/working-hours';
import type { Speed, Task } from '@midjourney-api/shared/tasks/task';
import { type Work, workOf } from '@midjourney-api/shared/tasks/work';
import type { DiscordAccount } from '../../discord/discord-account.ts';

/** What an account has sent, as far as its pacing depends on it. Times are milliseconds since 1970. */
export interface SendHistory {
  lastSendAt: number;
  /** The drawings of the last 24 hours, the oldest first. */
  drawings: readonly number[];
  /** What Midjourney last said of its fast hours, and when. */
  fast: { isNearlyOut: boolean; readAt: number } | null;
}

/** What is to be sent. */
export interface Send {
  work: Work;
  /** The speed that it is drawn at; null: as Midjourney is set. */
  speed: Speed | null;
}

export function sendOf(
  { action, speed }: Pick<Task, 'action' | 'speed'>,
  account: Pick<DiscordAccount, 'speed'>,
): Send {
  return { work: workOf(action), speed: speed ?? account.speed };
}

/** `isPause`: it is over in a moment, such as the gap between two sends. */
export type Verdict = 'now' | { at: number; reason: string; isPause: boolean };

const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** How long an answer about fast hours is relied on, and how long another one may take. */
export const fastReadEveryMs = hourMs;
const answerMs = 60_000;

interface Limit {
  reason: string;
  isPause?: boolean;
  /** The earliest time from `at` on that it allows. */
  from(at: number): number;
}

/** Whether an account may send now; if not, when, provided that it sends nothing until then, and why not before. */
export function whenMaySend(pacing: Pacing, history: SendHistory, now: number, send: Send): Verdict {
  const limits = limitsOf(pacing, history, send);
  let at = now;
  let last: Limit | undefined;
  for (;;) {
    const later = limits.find((limit) => limit.from(at) > at);
    if (!later) break;
    at = later.from(at);
    last = later;
  }
  return last ? { at, reason: last.reason, isPause: last.isPause ?? false } : 'now';
}

function limitsOf(pacing: Pacing, { lastSendAt, drawings, fast }: SendHistory, send: Send): Limit[] {
  const { min_gap: gap, per_hour: perHour, per_day: perDay, when_fast_ends: whenFastEnds } = pacing;
  const hours = pacing.hours === null ? undefined : parseWorkingHours(pacing.hours);
  const limits: Limit[] = [
    {
      reason: 'The account pauses between two sends.',
      isPause: true,
      from: (at) => Math.max(at, lastSendAt + gap * 1_000),
    },
  ];
  if (send.work !== 'nothing') {
    if (perHour !== null)
      limits.push(
        mostIn(perHour, hourMs, drawings, `The account draws at most ${perHour} times in an hour.`),
      );
    if (perDay !== null)
      limits.push(mostIn(perDay, dayMs, drawings, `The account draws at most ${perDay} times in 24 hours.`));
    if (whenFastEnds === 'stop' && fast?.isNearlyOut && send.speed !== 'relax')
      limits.push({
        reason: 'The fast hours of the account are nearly used up.',
        // By then they have been read again.
        from: (at) => Math.max(at, fast.readAt + fastReadEveryMs + answerMs),
      });
  }
  if (hours)
    limits.push({
      reason: `The account works from ${pacing.hours?.replace('-', ' to ').replace('@', ', ')}.`,
      from: (at) => nextWorkingTime(hours, at),
    });
  return limits;
}

/** At most so many in any window of this length. */
function mostIn(most: number, windowMs: number, drawings: readonly number[], reason: string): Limit {
  const oldest = drawings.at(-most);
  return {
    reason,
    from: (at) => (oldest === undefined ? at : Math.max(at, oldest + windowMs)),
  };
}
