/** The first wait, and the longest, where Midjourney names no time. */
const shortestMs = 30_000;
const longestMs = 8 * 60_000;

/** Midjourney names whole seconds. */
const roundingMs = 1_000;

export interface Postponement {
  /** Midjourney's own time, where it names one. */
  until: Date | undefined;
  /** Since when the task has been postponed, if it was before. */
  postponedAt: Date | null;
  /** For how long it may be postponed in all, in milliseconds. */
  patienceMs: number;
}

/**
 * When a task is sent again that Midjourney does not take now: at the time that it names, or else after as long as the
 * task has waited already, which doubles the wait each time. A little later than that, so that tasks which were
 * refused together do not come back together.
 * @param spread 0 to 1
 * @returns undefined when that would be too late.
 */
export function retryTime(
  { until, postponedAt, patienceMs }: Postponement,
  now: Date,
  spread = Math.random(),
): Date | undefined {
  const since = postponedAt ?? now;
  const named = until && until > now ? until.getTime() - now.getTime() + roundingMs : undefined;
  const waited = now.getTime() - since.getTime();
  const delay = named ?? Math.min(Math.max(waited, shortestMs), longestMs);
  const retryAt = new Date(now.getTime() + Math.round(delay * (1 + spread / 10)));
  return retryAt.getTime() - since.getTime() <= patienceMs ? retryAt : undefined;
}
