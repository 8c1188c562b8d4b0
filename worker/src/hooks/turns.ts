/** How many deliveries each user may have under way in this process, so that none can take every slot. */
export interface Turns {
  /** @returns a function that ends the turn, or undefined when the user has all that one may have. */
  take(userId: number): (() => void) | undefined;
}

export function createTurns(perUser: number): Turns {
  const taken = new Map<number, number>();
  return {
    take(userId) {
      const before = taken.get(userId) ?? 0;
      if (before >= perUser) return undefined;
      taken.set(userId, before + 1);
      return () => {
        const left = (taken.get(userId) ?? 1) - 1;
        if (left === 0) taken.delete(userId);
        else taken.set(userId, left);
      };
    },
  };
}
