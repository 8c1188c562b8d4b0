/** How many deliveries each user may have under way in this process, so that none can take every slot of it. */
export interface UserSlots {
  /** @returns a function that gives the slot back, or undefined when the user has as many as one may have. */
  take(userId: number): (() => void) | undefined;
  /** In how many milliseconds to try again, which is about when a slot will be free. Later for each further caller. */
  retryInMs(userId: number): number;
}

interface Taken {
  count: number;
  /** How long the user's deliveries last, the last ones counting most. In milliseconds. */
  usualMs: number;
  /** When the last caller that waits tries again. */
  lastRetryAt: number;
}

/** Long enough that a hanging hook with thousands of waiting notices costs little, short enough once it recovers. */
const longestWaitMs = 5_000;

export function createUserSlots(
  perUser: number,
  now: () => number = Date.now,
  random: () => number = Math.random,
): UserSlots {
  const users = new Map<number, Taken>();
  return {
    take(userId) {
      const taken = users.get(userId) ?? { count: 0, usualMs: 100, lastRetryAt: 0 };
      if (taken.count >= perUser) return undefined;
      users.set(userId, taken);
      taken.count++;
      const since = now();
      return () => {
        taken.usualMs = 0.7 * taken.usualMs + 0.3 * (now() - since);
        if (--taken.count === 0) users.delete(userId);
      };
    },
    retryInMs(userId) {
      const taken = users.get(userId);
      if (!taken) return 0;
      const wait = Math.max(taken.lastRetryAt - now(), 0) + taken.usualMs / perUser;
      const limited = Math.min(wait, longestWaitMs);
      taken.lastRetryAt = now() + limited;
      // Callers with the longest wait should not all come back at once.
      return Math.ceil(limited * (0.75 + random() / 4));
    },
  };
}
