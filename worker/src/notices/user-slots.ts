/**
 * How many deliveries each user may have under way in this process, so that none can take every slot. A delivery
 * that finds all of the user's turns taken comes back about when one of them will be free.
 */
export interface Turns {
  /** @returns a function that ends the turn, or undefined when the user has all that one may have. */
  take(userId: number): (() => void) | undefined;
  /** In how many milliseconds to try again to take one. Each caller gets a later time than the one before. */
  comeBackIn(userId: number): number;
}

interface Taken {
  count: number;
  /** How long the user's turns last, the last ones counting most. In milliseconds. */
  usualMs: number;
  /** When the last of those that wait comes back. */
  lastBackAt: number;
}

/** Long enough that a hook that hangs with thousands of notices waiting costs little, short for one that is well again. */
const longestWaitMs = 5_000;

export function createTurns(
  perUser: number,
  now: () => number = Date.now,
  random: () => number = Math.random,
): Turns {
  const users = new Map<number, Taken>();
  return {
    take(userId) {
      const taken = users.get(userId) ?? { count: 0, usualMs: 100, lastBackAt: 0 };
      if (taken.count >= perUser) return undefined;
      users.set(userId, taken);
      taken.count++;
      const since = now();
      return () => {
        taken.usualMs = 0.7 * taken.usualMs + 0.3 * (now() - since);
        if (--taken.count === 0) users.delete(userId);
      };
    },
    comeBackIn(userId) {
      const taken = users.get(userId);
      if (!taken) return 0;
      const wait = Math.max(taken.lastBackAt - now(), 0) + taken.usualMs / perUser;
      const limited = Math.min(wait, longestWaitMs);
      taken.lastBackAt = now() + limited;
      // Those that get the longest wait should not all come at once.
      return Math.ceil(limited * (0.75 + random() / 4));
    },
  };
}
