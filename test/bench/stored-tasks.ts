import { firstTaskId } from '@midjourney-api/shared/tasks/task-id';
import type { BenchDatabase } from './bench-database.ts';

/**
 * Stores tasks as if they had been accepted evenly over the last day. They look as they do when Midjourney has them:
 * with the columns that such tasks have filled, and as long.
 */
export async function storeTasks(
  database: BenchDatabase,
  { count, status }: { count: number; status: 'running' | 'queued' },
): Promise<void> {
  const day = 86_400_000;
  const now = Date.now();
  const rows = Array.from({ length: count }, (_, i) => {
    const at = new Date(now - day + Math.floor((i * day) / count));
    const user = database.users[i % database.users.length];
    const sent = status === 'running';
    return [
      firstTaskId(at),
      user?.id,
      'generate',
      JSON.stringify({ kind: 'imagine', prompt: storedPrompt }),
      status,
      sent ? 31 : 0,
      storedPrompt,
      sent ? 'default' : null,
      sent ? 1 : 0,
      sent ? String(firstTaskId(at)) : null,
      sent ? '1279000000000000000' : null,
      sent ? 4 : 1,
      at,
      sent ? at : null,
      sent ? at : null,
      sent ? at : null,
    ];
  });
  for (let from = 0; from < count; from += 1_000) {
    await database.pool.query(
      `INSERT INTO tasks (id, user_id, trigger_type, action, status, progress, prompt, account, send_attempts, nonce,
         progress_msg_id, version, created_at, submitted_at, started_at, progressed_at) VALUES ?`,
      [rows.slice(from, from + 1_000)],
    );
  }
}

const storedPrompt =
  'a lighthouse on a cliff at sunset, waves, long exposure, muted colours, film grain, 35mm --ar 3:2 --style raw';
