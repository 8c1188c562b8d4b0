import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { latencyOf } from '../measures/statistics.ts';
import type { LoadPlan, LoadRequest, LoadResult } from './plan.ts';

/**
 * Sends requests at even intervals, whether the earlier ones are answered or not, so that a server that stops for a
 * while cannot hide it. autocannon's own rates send what belongs into a second at its beginning, all connections at
 * once, which measures the answers to bursts.
 */
export async function sendEvenly(plan: LoadPlan, perSecond: number): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: plan.connections, scheduling: 'fifo' });
  const durations: number[] = [];
  const statuses: Record<string, number> = {};
  let errors = 0;
  const started = performance.now();

  const send = async (wanted: LoadRequest | undefined) => {
    const sentAt = performance.now();
    try {
      const status = wanted && (await answeredStatus(plan.url, wanted, agent));
      durations.push(performance.now() - sentAt);
      statuses[String(status)] = (statuses[String(status)] ?? 0) + 1;
    } catch {
      errors++;
    }
  };

  const sent: Promise<void>[] = [];
  for (let i = 0; i < plan.amount; i++) {
    const early = started + (i * 1_000) / perSecond - performance.now();
    if (early > 0) await delay(early);
    sent.push(send(plan.requests[i % plan.requests.length]));
  }
  await Promise.all(sent);
  const seconds = (performance.now() - started) / 1_000;
  agent.destroy();
  return { seconds, statuses, errors, latencyMs: latencyOf(durations) };
}

function answeredStatus(
  url: string,
  { method, path, headers, body }: LoadRequest,
  agent: Agent,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const sending = request(url + path, { method, headers: { ...headers, ...length }, agent }, (answer) => {
      answer.on('error', reject);
      answer.on('end', () => resolve(answer.statusCode ?? 0));
      answer.resume();
    });
    sending.on('error', reject);
    sending.end(body);
  });
}
