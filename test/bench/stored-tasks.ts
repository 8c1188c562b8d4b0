import { createLogger } from '@midjourney-api/shared/logging/logger';
import { openQueues } from '@midjourney-api/shared/queues/queues';
import { connectRedis } from '@midjourney-api/shared/redis';
import { firstTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { BenchDatabase } from './bench-database.ts';
import type { BenchServices } from './bench-services.ts';
import type { Installation } from './processes.ts';

const dayMs = 86_400_000;
const batchSize = 1_000;

const prompt =
  'a lighthouse on a cliff at sunset, waves, long exposure, muted colours, film grain, 35mm --ar 3:2 --style raw';
const hash = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';
const account = 'default';

export interface StoredTask {
  id: TaskId;
  userId: number;
  appKey: string;
}

/**
 * Stores open tasks, shared evenly by the users, as if they had been accepted over the last hour. Running ones have
 * what tasks have that Midjourney is drawing.
 */
export async function storeOpenTasks(
  database: BenchDatabase,
  { count, status }: { count: number; status: 'queued' | 'running' },
): Promise<StoredTask[]> {
  const hourAgo = Date.now() - dayMs / 24;
  const stored = Array.from({ length: count }, (_, i) => {
    const at = new Date(hourAgo + i * 100);
    const user = database.users[i % database.users.length];
    return { id: firstTaskId(at), at, userId: user?.id ?? 0, appKey: user?.appKey ?? '' };
  });
  const action = JSON.stringify({ kind: 'imagine', prompt });
  for (let from = 0; from < count; from += batchSize) {
    const rows = stored.slice(from, from + batchSize).map(({ id, at, userId }) => {
      const sent =
        status === 'running'
          ? [31, account, 1, id, '1279000000000000000', 4, at, at, at]
          : [0, null, 0, null, null, 1, null, null, null];
      return [id, userId, 'generate', action, status, prompt, at, ...sent];
    });
    await database.pool.query(
      `INSERT INTO tasks (id, user_id, trigger_type, action, status, prompt, created_at, progress, account,
         send_attempts, nonce, progress_msg_id, version, submitted_at, started_at, progressed_at) VALUES ?`,
      [rows],
    );
  }
  return stored;
}

/** Gives stored tasks the jobs that they would have. */
export async function queueTasks(
  services: BenchServices,
  { redisPrefix }: Installation,
  stored: StoredTask[],
  status: 'queued' | 'running',
): Promise<void> {
  const redis = connectRedis(services.redisUrl, createLogger('bench', 'silent'), { waiting: true });
  const queues = openQueues(redis, redisPrefix);
  const shown = { triggerType: 'generate' as const, prompt: 'a lighthouse', userName: 'someone' };
  const job = { account: status === 'running' ? account : null, speed: null };
  for (let from = 0; from < stored.length; from += batchSize) {
    const batch = stored.slice(from, from + batchSize);
    await queues.addTasks(batch.map(({ id, userId }) => ({ id, userId, ...job, ...shown })));
  }
  await queues.close();
  redis.disconnect();
}

/**
 * Stores finished tasks with all that they have by then, as if they had been accepted over the last thirty days:
 * the first user has three of a hundred, the others share the rest evenly. Token movements are stored with them.
 * @param count a multiple of 1,000
 */
export async function storeFinishedTasks(database: BenchDatabase, count: number): Promise<void> {
  const { pool, users } = database;
  const begin = Number(firstTaskId(new Date(Date.now() - 31 * dayMs)));
  const step = Math.floor((30 * dayMs * 1_000) / count);
  const columns =
    'user_id, trigger_type, action, status, progress, prompt, account, send_attempts, nonce, msg_id, msg_hash, ' +
    'image_url, image_file, image_copy, media_type, width, height, buttons, version';
  const patterns = Array.from({ length: batchSize }, (_, i) => {
    const user = i % 100 < 3 ? users[0] : users[1 + (i % (users.length - 1))];
    return [
      begin + i * step,
      user?.id,
      'generate',
      JSON.stringify({ kind: 'imagine', prompt }),
      'succeeded',
      100,
      prompt,
      account,
      1,
      begin,
      1_279_000_000_000_000_000n + BigInt(i),
      hash,
      `https://cdn.discordapp.com/attachments/1/2/user_a_lighthouse_${hash}.png?ex=1&is=2&hm=3`,
      '1767323045678400-5f0c9a7d3b1e48c2a6d49e07b8f1c235.png',
      'stored',
      'image/png',
      1344,
      896,
      JSON.stringify(finishedButtons),
      6,
      new Date(),
    ];
  });
  // From tables of their own: MySQL would first copy what it reads from the table that it writes to.
  await pool.query('CREATE TABLE bench_patterns LIKE tasks');
  await pool.query(`INSERT INTO bench_patterns (id, ${columns}, created_at) VALUES ?`, [patterns]);
  await pool.query('CREATE TABLE bench_numbers (n INT PRIMARY KEY)');
  await pool.query('INSERT INTO bench_numbers VALUES ?', [
    Array.from({ length: count / batchSize }, (_, n) => [n]),
  ]);
  const selected = columns.replace('msg_id', 'msg_id + n * ?').replace('msg_hash', 'UUID()');
  for (let n = 0; n < count / batchSize; n += 100) {
    await pool.query(
      `INSERT INTO tasks (id, ${columns}, created_at)
       SELECT id + n * ?, ${selected}, created_at
       FROM bench_numbers STRAIGHT_JOIN bench_patterns WHERE n >= ? AND n < ?`,
      [step * batchSize, batchSize, n, n + 100],
    );
  }
  await pool.query('DROP TABLE bench_patterns, bench_numbers');
  for (const [kind, change] of [
    ['reserve', 1],
    ['spend', 0],
  ]) {
    await pool.query(
      'INSERT INTO token_ledger (user_id, task_id, kind, change_in_use) SELECT user_id, id, ?, ? FROM tasks',
      [kind, change],
    );
  }
  await pool.query(
    'UPDATE user_info SET token_use = (SELECT COUNT(*) FROM tasks WHERE tasks.user_id = user_info.id)',
  );
}

const finishedButtons = [
  ...[1, 2, 3, 4].map((index) => ({
    label: `U${index}`,
    custom_id: `MJ::JOB::upsample::${index}::${hash}`,
    action: 'upscale',
  })),
  ...[1, 2, 3, 4].map((index) => ({
    label: `V${index}`,
    custom_id: `MJ::JOB::variation::${index}::${hash}`,
    action: 'variation',
  })),
  { label: '🔄', custom_id: `MJ::JOB::reroll::0::${hash}::SOLO`, action: 'reset' },
];
