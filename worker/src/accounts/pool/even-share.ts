/**
 * How many of the accounts a worker should have: the same number each, and the remainder one each in the order of the
 * workers' ids. Each worker computes its share by itself, and the shares add up to all accounts. When a worker leaves,
 * no share gets smaller; when one joins, no other share gets larger: accounts move only where they have to.
 */
export function evenShare(accounts: number, workers: string[], own: string): number {
  const position = [...workers].sort().indexOf(own);
  const rest = accounts % workers.length;
  return Math.floor(accounts / workers.length) + (position < rest ? 1 : 0);
}
