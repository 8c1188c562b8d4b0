import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { expect, inject, test } from 'vitest';
import { testPrefix } from '../database.ts';
import { createBenchDatabase } from './bench-database.ts';
import { submit } from './cases/submit.ts';
import { judge } from './outcome.ts';
import { runBench } from './run-bench.ts';
import { checkSubmits } from './submit-sides.ts';

test('measures submits next to their floor and leaves nothing behind', async () => {
  const parentDir = mkdtempSync(path.join(tmpdir(), 'midjourney-api-bench-'));
  const { outcomes, failures } = await runBench({
    cases: [submit],
    seconds: 0.2,
    rounds: 1,
    parentDir,
    say: () => {},
  });
  expect(failures).toEqual([]);
  expect(outcomes).toMatchObject([{ name: 'submit, 100 users', floorRounds: [expect.any(Number)] }]);
  const [outcome] = outcomes;
  expect(outcome?.median).toBeGreaterThan(0);
  expect(outcome?.cpuMs?.api).toBeGreaterThan(0);
  expect(outcome?.peakMb?.mysql).toBeGreaterThan(1);
  expect(readdirSync(parentDir)).toEqual([]);
  rmSync(parentDir, { recursive: true });
}, 60_000);

test('submits that are not stored, not paid for or not waiting are found', async () => {
  const services = inject('services');
  const database = await createBenchDatabase(services.db, 2);
  const redis = new Redis(services.redisUrl);
  const queue = new Queue('drawings', { connection: redis, prefix: testPrefix() });
  const [user] = database.users;
  const store = async (taskId: number) => {
    await database.pool.query(
      `INSERT INTO tasks (id, user_id, trigger_type, action, prompt, created_at)
       VALUES (?, ?, 'generate', '{}', '', NOW(3))`,
      [taskId, user?.id],
    );
    await database.pool.query('UPDATE user_info SET token_use = token_use + 1 WHERE id = ?', [user?.id]);
  };
  const pay = (taskId: number) =>
    database.pool.query(
      `INSERT INTO token_ledger (user_id, task_id, kind, change_in_use) VALUES (?, ?, 'reserve', 1)`,
      [user?.id, taskId],
    );
  try {
    await store(1);
    await expect(checkSubmits(database, queue, 1)).rejects.toThrow('"ledger_rows":0');
    await pay(1);
    await expect(checkSubmits(database, queue, 1, 100)).rejects.toThrow('the queue holds');
    await queue.add('task', {}, { jobId: 'task-1', priority: 60 });
    await checkSubmits(database, queue, 1);
    await expect(checkSubmits(database, queue, 2)).rejects.toThrow('2 submits were accepted');
  } finally {
    await queue.close();
    redis.disconnect();
    await database.drop();
  }
});

test.each([
  { of: 'ratio', atLeast: 2, met: true, ratio: 2.5 },
  { of: 'ratio', atMost: 2, met: false, ratio: 2.5 },
  { of: 'value', atMost: 300, met: true, ratio: 2.5 },
  { of: 'value', atLeast: 300, met: false, ratio: 2.5 },
] as const)('$of of at least $atLeast, at most $atMost: met is $met', ({ met, ratio, ...target }) => {
  const rounds = [250, 100, 300];
  const floorRounds = [100, 100, 100];
  expect(judge({ name: 'a', unit: 'ms', rounds, floorRounds, target })).toMatchObject({
    median: 250,
    min: 100,
    max: 300,
    ratio,
    met,
  });
});
