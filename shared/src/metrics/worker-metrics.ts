import type { Redis } from 'ioredis';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import type { Logger } from '../logging/logger.ts';
import { meteredWorkersKey, workerMetricsKey } from '../queues/keys.ts';

/**
 * Workers listen on no port, so their metrics go through Redis: each writes its metrics every few seconds, under a key
 * that expires, and every api shows those of all workers beside its own.
 */
const everyMs = 5_000;
const keptSeconds = 15;

/** The parts of `Registry.getMetricsAsJSON` that are needed to rebuild the metrics. */
const metricsSchema = z.array(
  z.looseObject({
    name: z.string(),
    help: z.string(),
    type: z.string(),
    aggregator: z.string(),
    values: z.array(
      z.looseObject({
        value: z.number(),
        labels: z.record(z.string(), z.union([z.string(), z.number()])),
      }),
    ),
  }),
);
export type MetricsJson = z.infer<typeof metricsSchema>;

/** The metrics of a registry in a form that survives JSON, which has no NaN. */
export async function metricsOf(registry: Registry): Promise<MetricsJson> {
  const metrics = await registry.getMetricsAsJSON();
  return metricsSchema.parse(
    metrics.map(({ values, ...metric }) => ({
      ...metric,
      type: String(metric.type),
      values: values.filter(({ value }) => Number.isFinite(value)),
    })),
  );
}

export interface PublishOptions {
  registry: Registry;
  redis: Redis;
  prefix: string;
  workerId: string;
  log: Logger;
}

/** Publishes the worker's metrics now and every few seconds. @returns a function that stops this and removes them. */
export function publishWorkerMetrics({
  registry,
  redis,
  prefix,
  workerId,
  log,
}: PublishOptions): () => Promise<void> {
  const publish = async () => {
    // Otherwise they would queue up, and be outdated when Redis is back.
    if (redis.status !== 'ready') return;
    const metrics = JSON.stringify(await metricsOf(registry));
    await redis
      .multi()
      .set(workerMetricsKey(prefix, workerId), metrics, 'EX', keptSeconds)
      .sadd(meteredWorkersKey(prefix), workerId)
      .exec();
  };
  const report = (err: unknown) => log.debug({ err }, 'metrics not published');
  const timer = setInterval(() => publish().catch(report), everyMs);
  redis.once('ready', () => publish().catch(report));
  publish().catch(report);

  return async () => {
    clearInterval(timer);
    if (redis.status === 'ready') await redis.del(workerMetricsKey(prefix, workerId)).catch(report);
  };
}

/** The metrics of every running worker. @throws if Redis is down. */
export async function readWorkerMetrics(redis: Redis, prefix: string): Promise<MetricsJson[]> {
  const workers = await redis.smembers(meteredWorkersKey(prefix));
  if (workers.length === 0) return [];
  const texts = await redis.mget(workers.map((id) => workerMetricsKey(prefix, id)));
  const gone = workers.filter((_, at) => texts[at] === null);
  if (gone.length > 0) await redis.srem(meteredWorkersKey(prefix), ...gone);
  return texts.flatMap((text) => {
    const parsed = metricsSchema.safeParse(text === null ? null : JSON.parse(text));
    return parsed.success ? [parsed.data] : [];
  });
}
