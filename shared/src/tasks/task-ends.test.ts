import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createLogger } from '../logging/logger.ts';
import { aTask } from './task.fixture.ts';
import { createRefunds, reportTaskEnds } from './task-ends.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);

function report() {
  const lines: string[] = [];
  const registry = new Registry();
  const ended = reportTaskEnds(
    createRefunds(registry),
    createLogger('test', 'info', { write: (line) => lines.push(line) }),
  );
  return { ended, registry, logged: () => lines.map((line) => JSON.parse(line)) };
}

it('logs one line for each task that ended, with what an operator looks for', () => {
  const { ended, logged } = report();
  const drawn = aTask({ account: 'one', requestId: 'r1', createdAt: at(0), submittedAt: at(1.5) });
  ended({ ...drawn, status: 'succeeded', finishedAt: at(40) }, 'alice');
  ended(aTask({ status: 'failed', failCode: 'released', createdAt: at(0), finishedAt: at(7) }), 'bob');
  expect(logged()).toEqual([
    expect.objectContaining({
      msg: 'task succeeded, its token is spent',
      task: drawn.id,
      user: 'alice',
      account: 'one',
      trigger_type: 'generate',
      waited: 1.5,
      drew: 38.5,
      request_id: 'r1',
    }),
    expect.objectContaining({ user: 'bob', account: null, fail_code: 'released', waited: 7 }),
  ]);
  expect(logged()[1]).not.toHaveProperty('drew');
});

it('counts those that failed by the code that is stored', async () => {
  const { ended, registry } = report();
  ended(aTask({ status: 'succeeded' }), 'alice');
  ended(aTask({ status: 'failed', failCode: 'cancelled' }), 'alice');
  expect(await registry.metrics()).toContain('midjourney_refunds_total{reason="cancelled"} 1');
});

it('times are readable', () => {
  const { ended, logged } = report();
  ended(aTask({ status: 'succeeded' }), 'alice');
  expect(logged()[0].time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});
