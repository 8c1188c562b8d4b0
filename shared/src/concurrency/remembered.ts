/**
 * Remembers what was found, at most for `ms` milliseconds and of at most `most` keys; then all of it is forgotten and
 * found anew. Who asks while it is being looked for waits for the same answer.
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
    // A search that failed is no answer for the next one who asks.
    found.catch(() => knownThen.delete(key));
    return found;
  };
}
