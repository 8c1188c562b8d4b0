import { distance } from 'fastest-levenshtein';

/** A longer name is not a typo, and input from strangers must be cheap to handle. */
const longestName = 64;

/** @returns the known name that a mistyped one probably means; undefined if none is near. */
export function nearestName(wrong: string, known: readonly string[]): string | undefined {
  if (wrong.length > longestName) return undefined;
  const [nearest] = known
    .map((name) => ({ name, far: farApart(plain(wrong), plain(name)) }))
    .filter(({ name, far }) => far <= Math.max(1, Math.floor(name.length / 4)))
    .sort((a, b) => a.far - b.far);
  return nearest?.name;
}

/** Swapped letters count as one mistake. */
function farApart(one: string, other: string): number {
  const sorted = (name: string) => [...name].sort().join('');
  return Math.min(distance(one, other), sorted(one) === sorted(other) ? 1 : Number.POSITIVE_INFINITY);
}

/** `notifyHook` and `notify_hook` become the same. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
