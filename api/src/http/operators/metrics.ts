import { createRoute, z } from '@hono/zod-openapi';
import { type MetricsJson, metricsOf } from '@midjourney-api/shared/metrics/worker-metrics';
import { AggregatorRegistry, prometheusContentType } from 'prom-client';
import type { Dependencies } from '../../dependencies.ts';
import { observePresentState } from '../../metrics/present-state.ts';
import type { Api } from '../app-env.ts';

const route = createRoute({
  method: 'get',
  path: '/metrics',
  operationId: 'getMetrics',
  tags: ['Operators'],
  summary: 'Metrics for Prometheus',
  description:
    'Those of this api process and of all workers, which have the label `worker`. Answers without what is in MySQL ' +
    'or Redis while they are away.',
  security: [],
  responses: {
    200: {
      description: 'In the text format of Prometheus',
      content: {
        'text/plain': { schema: z.string(), example: 'midjourney_submits_total{outcome="accepted"} 12\n' },
      },
    },
  },
});

export function addMetrics(app: Api, deps: Dependencies): void {
  app.openapi(route, async (c) => {
    const workers = await observePresentState(deps);
    const own = await metricsOf(deps.metrics.registry);
    const merged = AggregatorRegistry.aggregate([own, ...workers].map(sideBySide));
    return c.text(await merged.metrics(), 200, { 'Content-Type': prometheusContentType });
  });
}

/** Each worker's values have its label, so none are added up. */
function sideBySide(metrics: MetricsJson): MetricsJson {
  return metrics.map((metric) => ({ ...metric, aggregator: 'first' }));
}
