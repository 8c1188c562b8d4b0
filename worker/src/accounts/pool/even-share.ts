/**
 * How many of the accounts a worker has: all workers equally many, and the rest one each by the order of the
 * workers' ids. Each worker finds its share by itself, and the shares add up to all accounts. When a worker leaves
 * no share gets smaller, and when one joins no other share gets larger: accounts move only where they have to.
 */
export function evenShare(accounts: number, workers: string[], own: string): number {
  const position = [...workers].sort().indexOf(own);
  const rest = accounts % workers.length;
  return Math.floor(accounts / workers.length) + (position < rest ? 1 : 0);
}
