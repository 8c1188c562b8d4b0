import autocannon from 'autocannon';
import { latencyOf } from '../measures/statistics.ts';
import type { LoadPlan, LoadResult } from './plan.ts';

/** Sends the next request on each connection when the last one is answered. */
export function sendAtFullSpeed({ url, requests, connections, amount }: LoadPlan): Promise<LoadResult> {
  const durations: number[] = [];
  const statuses: Record<string, number> = {};
  let started = 0;
  let lastAnswer = 0;
  let next = 0;
  return new Promise((resolve, reject) => {
    const run = autocannon(
      {
        url,
        connections,
        amount,
        // How often it checks whether it is done, in ms.
        sampleInt: 50,
        setupClient: (client) => {
          const first = next++;
          client.setRequests(requests.map((_, i) => ({ ...requests[(first + i) % requests.length] })));
        },
      },
      (error, result) => {
        if (error) return reject(error);
        const seconds = (lastAnswer - started) / 1_000;
        resolve({ seconds, statuses, errors: result.errors, latencyMs: latencyOf(durations) });
      },
    );
    run.on('start', () => {
      started = performance.now();
    });
    // Its own histogram counts whole milliseconds.
    run.on('response', (_client, status, _bytes, ms) => {
      lastAnswer = performance.now();
      durations.push(ms);
      statuses[status] = (statuses[status] ?? 0) + 1;
    });
  });
}
