/**
 * Caches results for at most `ms` milliseconds and of at most `most` keys; then all are dropped at once. Concurrent
 * callers share one look-up. One that fails is not cached.
 */
export function remembered<Key, Found>(
  find: (key: Key) => Promise<Found>,
  { ms, most = 10_000, now = Date.now }: { ms: number; most?: number; now?: () => number },
): (key: Key) => Promise<Found> {
  let known = new Map<Key, Promise<Found>>();
  let knownSince = now();
  return (key) => {
    if (now() - knownSince >= ms || known.size >= most) {
      known = new Map();
      knownSince = now();
    }
    const answer = known.get(key);
    if (answer) return answer;
    const found = find(key);
    const knownThen = known.set(key, found);
    found.catch(() => knownThen.delete(key));
    return found;
  };
}
