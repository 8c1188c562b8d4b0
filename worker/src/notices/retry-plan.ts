/** When a notice that its hook did not take is tried again. All in milliseconds. */
export interface RetryPlan {
  first: number;
  longest: number;
  /** After this long since the change the notice is given up. */
  window: number;
}

export const retryPlan: RetryPlan = { first: 1_000, longest: 60 * 60_000, window: 24 * 60 * 60_000 };

/** For notices of progress, which a newer one replaces: a failing one must not delay that for long. */
export function forProgress(plan: RetryPlan): RetryPlan {
  return { ...plan, longest: Math.min(plan.longest, 10_000) };
}

/**
 * Twice as long after each attempt, give or take a quarter, so that a hook that comes back does not get everything at
 * once. The last attempt is at the end of the window.
 * @returns undefined when the window is over.
 */
export function delayBeforeRetry(
  { attempts, createdAt }: { attempts: number; createdAt: Date },
  now: Date,
  { first, longest, window }: RetryPlan,
  random: () => number = Math.random,
): number | undefined {
  const left = createdAt.getTime() + window - now.getTime();
  if (left <= 0) return undefined;
  const usual = Math.min(first * 2 ** (attempts - 1), longest);
  return Math.ceil(Math.min(usual * (0.75 + random() / 2), left));
}
