import { readFileSync } from 'node:fs';
import path from 'node:path';
import { countLostLines, openLogOutput } from '@midjourney-api/shared/logging/log-output';
import { parser } from '@prometheus-io/lezer-promql';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { createApiMetrics } from '../api/src/metrics/api-metrics.ts';
import { projectRoot } from '../scripts/environment.ts';
import { createWorkerMetrics } from '../worker/src/metrics.ts';

function read(file: string): string {
  return readFileSync(path.join(projectRoot, file), 'utf8');
}

/** The labels of every metric of our own, by its name; those of a worker have its name beside them. */
const ownMetrics = new Map<string, string[]>();
for (const registry of [createApiMetrics().registry, createWorkerMetrics('worker').registry]) {
  countLostLines(registry, openLogOutput());
  for (const metric of registry.getMetricsAsArray()) {
    const labels = 'labelNames' in metric ? (metric.labelNames as string[]) : [];
    ownMetrics.set(metric.name, [...(ownMetrics.get(metric.name) ?? []), ...labels]);
  }
}

const nodeRegistry = new Registry();
collectDefaultMetrics({ register: nodeRegistry });
const nodeMetrics = nodeRegistry.getMetricsAsArray().map(({ name }) => name);

/** A histogram is asked for by the names of its parts. */
function metricOf(series: string): string {
  return ownMetrics.has(series) ? series : series.replace(/_(bucket|count|sum)$/, '');
}

test('docs/monitoring.md describes every metric', () => {
  const described = [...read('docs/monitoring.md').matchAll(/^\| `(midjourney_\w+)` *\|/gm)];
  expect(described.map(([, name]) => name).sort()).toEqual([...ownMetrics.keys()].sort());
});

test.each(['docs/monitoring.md', 'docs/operations.md'])('%s names only metrics that exist', (page) => {
  const named = [...read(page).matchAll(/midjourney_\w+/g)].map(([name]) => metricOf(name));
  expect(named).not.toEqual([]);
  expect(named.filter((name) => !ownMetrics.has(name))).toEqual([]);
});

const rulesFile = z.strictObject({
  groups: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        rules: z
          .array(
            z.strictObject({
              alert: z.string().regex(/^[A-Z][A-Za-z]+$/),
              expr: z.string().min(1),
              for: z.string().regex(/^\d+[smh]$/),
              labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
              annotations: z.strictObject({
                summary: z.string().endsWith('.'),
                description: z.string().endsWith('.'),
                runbook: z.string().regex(/^docs\/operations\.md#[a-z-]+$/),
              }),
            }),
          )
          .min(1),
      }),
    )
    .min(1),
});

/** What a PromQL expression asks for. @throws when it is not PromQL */
function parsePromQl(expr: string): { series: string[]; labels: string[] } {
  const series: string[] = [];
  const labels: string[] = [];
  parser.parse(expr).iterate({
    enter: ({ type, from, to, node }) => {
      const text = expr.slice(from, to);
      if (type.isError) throw new SyntaxError(`not PromQL from "${expr.slice(from)}"`);
      if (type.name === 'LabelName') labels.push(text);
      if (type.name === 'Identifier' && node.parent?.name === 'VectorSelector') series.push(text);
    },
  });
  return { series, labels };
}

/** Labels that Prometheus gives to what it scrapes, that of a histogram's parts, and that of each worker's metrics. */
const commonLabels = ['instance', 'job', 'le', 'worker'];

describe('docs/alerts.yml', () => {
  const { groups } = rulesFile.parse(parseYaml(read('docs/alerts.yml')));
  const rules = groups.flatMap((group) => group.rules);

  test('names each group and each alert once', () => {
    for (const names of [groups.map(({ name }) => name), rules.map(({ alert }) => alert)]) {
      expect(names).toEqual([...new Set(names)]);
    }
  });

  test.each(rules)('$alert is PromQL over metrics and labels that exist', ({ expr, annotations }) => {
    const { series, labels } = parsePromQl(expr);
    const metrics = series.map(metricOf);
    expect(metrics).not.toEqual([]);
    const known = [...ownMetrics.keys(), ...nodeMetrics, 'up'];
    expect(metrics.filter((name) => !known.includes(name))).toEqual([]);
    const knownLabels = [...commonLabels, ...metrics.flatMap((name) => ownMetrics.get(name) ?? [])];
    const used = [...`${annotations.summary}`.matchAll(/\$labels\.(\w+)/g)].map(([, name = '']) => name);
    expect([...labels, ...used].filter((name) => !knownLabels.includes(name))).toEqual([]);
  });

  test.each(rules)('$alert leads to a section of the runbook', ({ annotations }) => {
    const [file = '', anchor] = annotations.runbook.split('#');
    const headings = [...read(file).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title.toLowerCase().replaceAll("'", '').replaceAll(' ', '-'),
    );
    expect(headings).toContain(anchor);
  });

  test('other metrics that its words name exist', () => {
    const named = [...read('docs/alerts.yml').matchAll(/\b(?:nodejs|process|midjourney)_\w+/g)].map(
      ([name]) => metricOf(name),
    );
    expect(named.filter((name) => !ownMetrics.has(name) && !nodeMetrics.includes(name))).toEqual([]);
  });
});

test.each([
  'sum(rate(midjourney_submits_total[5m])',
  'max by (account midjourney_account_state',
  'rate(midjourney_submits_total{outcome="accepted}[5m])',
  'sum(midjourney_submits_total) >> 1',
  'summ(midjourney_submits_total)',
])('%s is not taken for PromQL', (expr) => {
  expect(() => parsePromQl(expr)).toThrow(SyntaxError);
});
