import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, inject, test } from 'vitest';
import { testPrefix } from '../database.ts';
import { type BenchDatabase, createBenchDatabase } from './bench-database.ts';
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

describe('of one accepted submit, the check', () => {
  let database: BenchDatabase;
  let redis: Redis;
  let queue: Queue;

  beforeEach(async () => {
    const services = inject('services');
    redis = new Redis(services.redisUrl);
    queue = new Queue('drawings', { connection: redis, prefix: testPrefix() });
    database = await createBenchDatabase(services.db, 2);
    await database.pool.query(`INSERT INTO tasks (id, user_id, trigger_type, action, prompt, created_at)
      VALUES (1, 1, 'generate', '{}', '', NOW(3))`);
    await database.pool.query('UPDATE user_info SET token_use = 1 WHERE id = 1');
    await database.pool.query(`INSERT INTO token_ledger (user_id, task_id, kind, change_in_use)
      VALUES (1, 1, 'reserve', 1)`);
    await queue.add('task', {}, { jobId: 'task-1', priority: 60 });
  });
  afterEach(async () => {
    await queue.close();
    redis.disconnect();
    await database.drop();
  });

  test('finds nothing wrong when all is there', async () => {
    await checkSubmits(database, queue, 1);
  });

  test.each([
    ['the task is missing', 'DELETE FROM tasks'],
    ['it was not charged', 'UPDATE user_info SET token_use = 0'],
    ['another user was charged', 'UPDATE user_info SET token_use = 1 - token_use'],
    ['the ledger does not know of it', 'DELETE FROM token_ledger'],
    ['the ledger knows it as another user’s', 'UPDATE token_ledger SET user_id = 2'],
    [
      'the ledger knows more',
      "INSERT INTO token_ledger (user_id, task_id, kind, change_in_use) VALUES (1, 2, 'reserve', 1)",
    ],
  ])('finds that %s', async (_what, statement) => {
    await database.pool.query(statement);
    await expect(checkSubmits(database, queue, 1)).rejects.toThrow('but stored is');
  });

  test('finds that it has no job', async () => {
    await queue.remove('task-1');
    await expect(checkSubmits(database, queue, 1, 100)).rejects.toThrow('but the queue holds');
  });
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
