import { createServer } from 'node:net';
import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { publishWorkerMetrics } from '@midjourney-api/shared/metrics/worker-metrics';
import { signatureHeaders } from '@midjourney-api/shared/results/signature';
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { eventually } from '../../../../test/eventually.ts';
import { listen } from '../../../../test/listen.ts';
import { createApp } from '../../app.ts';
import {
  gridHash,
  openTestApi,
  sent,
  type TestApi,
  type TestClient,
  webhookSecret,
} from '../../testing/open-test-api.ts';
import { apiPrefix } from '../app-env.ts';

let api: TestApi;
let client: TestClient;
beforeEach(async () => {
  api = await openTestApi();
  client = await api.client('someone', 4);
});
afterEach(() => api.close());

async function scrape(app = api.app): Promise<string> {
  const response = await app.request('/metrics');
  expect(response.status).toBe(200);
  expect(response.headers.get('Content-Type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  return response.text();
}

/** Samples by name with labels, as Prometheus reads them. */
async function samples(app = api.app): Promise<Record<string, number>> {
  const lines = (await scrape(app)).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

async function report(id: string, event: object): Promise<void> {
  const body = JSON.stringify({ id, trigger_id: id, ...event });
  const response = await api.app.request(`${apiPrefix}/midjourney/result`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...signatureHeaders(webhookSecret, body) },
    body,
  });
  expect(response.status).toBe(200);
}

const picture = {
  type: 'end',
  attachments: [{ id: '1', url: `https://cdn.example/x_${gridHash}.png`, filename: `x_${gridHash}.png` }],
};

describe('metrics', () => {
  test('count submits by what became of them', async () => {
    const submit = (prompt: string, key?: string) =>
      client.post('/imagine', { prompt }, key ? { 'Idempotency-Key': key } : {});
    await submit('a cat', 'one');
    await submit('a cat', 'one');
    await submit('a dog', 'one');
    await submit('');
    await submit('a gory scene');
    await client.post('/upscale', { trigger_id: '1234567890', index: 1 });
    for (let at = 0; at < 4; at++) await submit('a cat');
    const seen = await samples();
    const outcomes = Object.entries(seen).filter(([name]) => name.startsWith('midjourney_submits_total'));
    expect(Object.fromEntries(outcomes)).toEqual({
      'midjourney_submits_total{outcome="accepted"}': 4,
      'midjourney_submits_total{outcome="replayed"}': 1,
      'midjourney_submits_total{outcome="idempotency_conflict"}': 1,
      'midjourney_submits_total{outcome="invalid_request"}': 1,
      'midjourney_submits_total{outcome="banned_prompt"}': 1,
      'midjourney_submits_total{outcome="not_found"}': 1,
      'midjourney_submits_total{outcome="insufficient_tokens"}': 1,
    });
  });

  test('show what workers reported, refunds by reason, late results and the time to draw', async () => {
    const submit = async () => (await client.post('/imagine', { prompt: 'a cat' })).json.trigger_id;
    const [drawn, failed, released] = [await submit(), await submit(), await submit()];
    await api.happen(drawn, ...sent(), { type: 'started', progressMessageId: '5' });
    await report(drawn, picture);
    await report(drawn, picture);
    await api.happen(failed, ...sent());
    await report(failed, { type: 'error', fail_code: 'not_started' });
    await report(failed, picture);
    await client.post('/queue/release', { trigger_id: released });
    expect(await samples()).toMatchObject({
      'midjourney_result_events_total{type="end",applied="true"}': 2,
      'midjourney_result_events_total{type="end",applied="false"}': 1,
      'midjourney_result_events_total{type="error",applied="true"}': 1,
      'midjourney_refunds_total{reason="not_started"}': 1,
      'midjourney_refunds_total{reason="released"}': 1,
      midjourney_late_results_total: 1,
      'midjourney_task_drawing_seconds_count{trigger_type="generate"}': 1,
    });
  });

  test('count a cancelled task as that, whatever ended it', async () => {
    const submit = async () => (await client.post('/imagine', { prompt: 'a cat' })).json.trigger_id;
    const [waiting, drawing, unsent] = [await submit(), await submit(), await submit()];
    const [sending, submitted] = sent();
    if (!sending || !submitted) throw new Error('a sent task has two events');
    await api.happen(drawing, sending, submitted);
    await api.happen(unsent, sending);
    for (const triggerId of [waiting, drawing, unsent])
      await client.post('/cancel', { trigger_id: triggerId });
    await report(drawing, { type: 'error', fail_code: 'stopped' });
    await api.happen(unsent, { type: 'not_sent', nonce: '1' });
    const refunds = Object.entries(await samples()).filter(([name]) => name.includes('refunds'));
    expect(refunds).toEqual([['midjourney_refunds_total{reason="cancelled"}', 3]]);
  });

  test('time requests by the pattern of their route, never by ids or what clients made up', async () => {
    const { trigger_id } = (await client.post('/imagine', { prompt: 'a cat' })).json;
    await client.get(`/task/${trigger_id}`);
    await client.get(`/task/${trigger_id}?wait=1`);
    await client.get(`/made-up-${trigger_id}`);
    await api.app.request('/admin/queues/api/queues');
    await api.app.request('/healthz', { method: 'PROPFIND' });
    const text = await scrape();
    const count = (route: string, method: string, status: number) =>
      `midjourney_http_request_seconds_count{method="${method}",route="${route}",status="${status}"} 1`;
    expect(text).toContain(count(`${apiPrefix}/task/:id`, 'GET', 200));
    expect(text).toContain(count(`${apiPrefix}/task/:id?wait`, 'GET', 200));
    expect(text).toContain(count('other', 'GET', 404));
    expect(text).toMatch(/method="other"/);
    expect(text).not.toContain(trigger_id);
    expect(text).not.toContain('made-up');
    expect(text).not.toContain('PROPFIND');
  });

  test('show queues, open tasks and accounts as they are now', async () => {
    await client.post('/imagine', { prompt: 'a cat' });
    expect(await samples()).toMatchObject({
      'midjourney_queue_jobs{queue="drawings",state="waiting"}': 1,
      'midjourney_queue_jobs{queue="account-default",state="active"}': 0,
      'midjourney_queue_jobs{queue="hooks",state="failed"}': 0,
      'midjourney_open_tasks{status="queued"}': 1,
      'midjourney_open_tasks{status="running"}': 0,
      'midjourney_account_state{account="default",state="ready"}': 1,
      'midjourney_account_state{account="default",state="refused"}': 0,
      'midjourney_account_driven{account="default"}': 1,
      'midjourney_dependency_up{dependency="mysql"}': 1,
      'midjourney_dependency_up{dependency="redis"}': 1,
      midjourney_workers: 0,
    });
  });
});

describe('the metrics of workers', () => {
  async function startWorker(workerId: string) {
    const registry = new Registry();
    registry.setDefaultLabels({ worker: workerId });
    collectDefaultMetrics({ register: registry });
    const registers = [registry];
    new Counter({ name: 'pictures_total', help: 'x', registers }).inc(3);
    const time = new Histogram({ name: 'time_seconds', help: 'x', buckets: [1, 2], registers });
    time.observe(1.5);
    const { redis, config, log } = api.deps;
    const options = { registry, redis, prefix: config.REDIS_PREFIX, workerId, log };
    const key = `${config.REDIS_PREFIX}:worker-metrics:${workerId}`;
    const stop = publishWorkerMetrics(options);
    await eventually(async () => expect(await redis.exists(key)).toBe(1));
    return { stop, key };
  }

  test('stand beside the own ones, each with its label, as long as the workers run', async () => {
    const [one, two] = [await startWorker('one'), await startWorker('two')];
    collectDefaultMetrics({ register: api.deps.metrics.registry });
    const text = await scrape();
    for (const worker of ['one', 'two']) {
      expect(text).toContain(`pictures_total{worker="${worker}"} 3`);
      expect(text).toMatch(
        new RegExp(`time_seconds_bucket\\{(le="2",worker="${worker}"|worker="${worker}",le="2")\\} 1`),
      );
      expect(text).toMatch(new RegExp(`process_start_time_seconds\\{worker="${worker}"\\} \\d+`));
    }
    expect(text).toMatch(/^process_start_time_seconds \d+/m);
    expect(text.match(/^# TYPE process_start_time_seconds /gm)).toHaveLength(1);
    expect(text).toContain('midjourney_workers 2');

    const { redis } = api.deps;
    expect(await redis.ttl(one.key)).toBeGreaterThan(0);
    await one.stop();
    // As when its time is over.
    await redis.del(two.key);
    const later = await scrape();
    expect(later).not.toContain('worker=');
    expect(later).toContain('midjourney_workers 0');
    await two.stop();
  });

  test('that cannot be read leave the others', async () => {
    const { redis, config } = api.deps;
    await redis.sadd(`${config.REDIS_PREFIX}:worker-metrics`, 'broken');
    await redis.set(`${config.REDIS_PREFIX}:worker-metrics:broken`, '{"not": "metrics"}');
    const one = await startWorker('one');
    expect(await scrape()).toContain('pictures_total{worker="one"} 3');
    await one.stop();
  });
});

describe('while something is away', () => {
  test('MySQL: the rest is answered, and soon', async () => {
    // Lets everybody in and says nothing, as behind a network that drops packets.
    const silent = createServer();
    const { db } = connectDatabase({ ...inject('services').db, port: await listen(silent) });
    await client.get('/me');
    const start = performance.now();
    const seen = await samples(createApp({ ...api.deps, db }));
    silent.close();
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(seen).toMatchObject({
      'midjourney_dependency_up{dependency="mysql"}': 0,
      'midjourney_dependency_up{dependency="redis"}': 1,
      'midjourney_queue_jobs{queue="drawings",state="waiting"}': 0,
    });
    expect(Object.keys(seen).filter((name) => /midjourney_(account|open_tasks)/.test(name))).toEqual([]);
    expect(Object.keys(seen)).toContainEqual(
      expect.stringContaining('midjourney_http_request_seconds_count'),
    );
  });

  test('Redis: the rest is answered', async () => {
    await api.deps.redis.quit();
    const seen = await samples();
    expect(seen).toMatchObject({
      'midjourney_dependency_up{dependency="mysql"}': 1,
      'midjourney_dependency_up{dependency="redis"}': 0,
      'midjourney_account_driven{account="default"}': 1,
    });
    expect(Object.keys(seen).filter((name) => /queue_jobs|midjourney_workers/.test(name))).toEqual([]);
  });
});
