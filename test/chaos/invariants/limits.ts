import type { DrawnJob } from '../../system/simulator-control.ts';

/** Answers in text are not drawn, and what is shown again is there already. */
const takesNoSlot = ['describe', 'shorten', 'show'];

/** No account had more at Midjourney than it may, what waited there and was given up here included. */
export function overfilledAccounts(jobs: DrawnJob[], concurrency: Map<string, number>): string[] {
  return [...concurrency].flatMap(([userId, limit]) => {
    const own = jobs.filter(
      ({ accountUserId, kind }) => accountUserId === userId && !takesNoSlot.includes(kind),
    );
    const moments = own.flatMap((job) => [
      { at: job.requestedAt, job, begins: true },
      { at: job.finishedAt ?? Number.POSITIVE_INFINITY, job, begins: false },
    ]);
    // Ends first: the next job may be sent in the very millisecond.
    moments.sort((a, b) => a.at - b.at || Number(a.begins) - Number(b.begins));
    const open = new Set<DrawnJob>();
    let fullest: DrawnJob[] = [];
    for (const { job, begins } of moments) {
      if (begins) open.add(job);
      else open.delete(job);
      if (open.size > fullest.length) fullest = [...open];
    }
    if (fullest.length <= limit) return [];
    const shown = fullest.map(({ id, kind, nonce }) => `${kind} ${id} (nonce ${nonce})`);
    return [
      `the account of user ${userId} had ${fullest.length} jobs at once, ${limit} allowed: ${shown.join(', ')}`,
    ];
  });
}
