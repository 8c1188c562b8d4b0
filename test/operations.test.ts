import { readFileSync } from 'node:fs';
import { countLostLines, openLogOutput } from '@midjourney-api/shared/logging/log-output';
import { expect, test } from 'vitest';
import { createApiMetrics } from '../api/src/metrics/api-metrics.ts';
import { createWorkerMetrics } from '../worker/src/metrics.ts';

const text = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8');

test('docs/operations.md has every metric, and its expressions name no other', () => {
  const registries = [createApiMetrics().registry, createWorkerMetrics('worker').registry];
  for (const registry of registries) countLostLines(registry, openLogOutput());
  const metrics = registries.flatMap((registry) => registry.getMetricsAsArray()).map(({ name }) => name);
  const described = [...text.matchAll(/^\| `(midjourney_\w+)` *\|/gm)].map(([, name]) => name);
  expect(described.sort()).toEqual([...new Set(metrics)].sort());
  const named = [...text.matchAll(/midjourney_\w+/g)].map(([name]) =>
    name.replace(/_(bucket|count|sum)$/, ''),
  );
  expect(named.filter((name) => !metrics.includes(name))).toEqual([]);
});
