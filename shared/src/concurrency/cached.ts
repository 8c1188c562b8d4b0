/**
 * Caches the results of a look-up by its key, for `ms` milliseconds and at most `most` keys; then all of them expire
 * together. Concurrent callers share one look-up. One that fails is not cached.
 */
export function cached<Key, Result>(
  lookUp: (key: Key) => Promise<Result>,
  { ms, most = 10_000, now = Date.now }: { ms: number; most?: number; now?: () => number },
): (key: Key) => Promise<Result> {
  let results = new Map<Key, Promise<Result>>();
  let since = now();
  return (key) => {
    if (now() - since >= ms || results.size >= most) {
      results = new Map();
      since = now();
    }
    const known = results.get(key);
    if (known) return known;
    const result = lookUp(key);
    const resultsThen = results.set(key, result);
    result.catch(() => resultsThen.delete(key));
    return result;
  };
}
