import { distance } from 'fastest-levenshtein';

/** Longer ones are no slips of the pen, and what strangers send must not cost much. */
const longestName = 64;

/** @returns the known name that a wrong one was probably meant to be; undefined when none is near. */
export function nearestName(wrong: string, known: readonly string[]): string | undefined {
  if (wrong.length > longestName) return undefined;
  const [nearest] = known
    .map((name) => ({ name, far: farApart(plain(wrong), plain(name)) }))
    .filter(({ name, far }) => far <= Math.max(1, Math.floor(name.length / 4)))
    .sort((a, b) => a.far - b.far);
  return nearest?.name;
}

/** Letters that were swapped count once, not for each of them. */
function farApart(one: string, other: string): number {
  const sorted = (name: string) => [...name].sort().join('');
  return Math.min(distance(one, other), sorted(one) === sorted(other) ? 1 : Number.POSITIVE_INFINITY);
}

/** `notifyHook` is `notify_hook`. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
}
