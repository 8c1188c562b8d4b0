import { serve } from '@hono/node-server';
import { Queue } from 'bullmq';
import { Hono } from 'hono';
import { Redis } from 'ioredis';
import { createPool, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise';

/**
 * What the same work costs at least when nothing else is done: no authentication, no validation, no sharing of
 * transactions, no log. The cases are compared with it, in the same run and on the same machine.
 */

const {
  FLOOR_PORT = '',
  FLOOR_DATABASE = '',
  FLOOR_POOL_SIZE = '',
  FLOOR_REDIS_URL = '',
  FLOOR_QUEUE_PREFIX = '',
} = process.env;

const pool = createPool({
  ...JSON.parse(FLOOR_DATABASE),
  supportBigNumbers: true,
  bigNumberStrings: true,
  connectionLimit: Number(FLOOR_POOL_SIZE),
});
// As the api has it: without gap locks, which would slow concurrent inserts of one user.
pool.pool.on('connection', (connection) => {
  connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
});
const redis = new Redis(FLOOR_REDIS_URL, { maxRetriesPerRequest: null });
const queue = new Queue('drawings', { connection: redis, prefix: FLOOR_QUEUE_PREFIX });
let lastTaskId = 100_000_000_000_000_000n;

const app = new Hono();

app.post('/submit', async (c) => {
  const { user, prompt } = await c.req.json<{ user: number; prompt: string }>();
  lastTaskId += 1n;
  const id = String(lastTaskId);
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    const [updated] = await connection.execute<ResultSetHeader>(
      'UPDATE user_info SET token_use = token_use + 1 WHERE id = ? AND token_use < token_total',
      [user],
    );
    if (updated.affectedRows === 0) throw new Error('no token is left');
    await connection.execute(
      'INSERT INTO token_ledger (user_id, task_id, kind, change_in_use) VALUES (?, ?, ?, ?)',
      [user, id, 'reserve', 1],
    );
    await connection.execute(
      'INSERT INTO tasks (id, user_id, trigger_type, action, prompt, created_at) VALUES (?, ?, ?, ?, ?, NOW(3))',
      [id, user, 'generate', JSON.stringify({ kind: 'imagine', prompt }), prompt],
    );
    await connection.commit();
  } catch (error) {
    await connection.rollback();
    throw error;
  } finally {
    connection.release();
  }
  await queue.add('task', { taskId: id }, { jobId: `task-${id}` });
  return c.json({ message: 'success', trigger_id: id });
});

app.get('/task/:id', async (c) => {
  const [[task]] = await pool.execute<RowDataPacket[]>('SELECT * FROM tasks WHERE id = ?', [
    c.req.param('id'),
  ]);
  return task ? c.json(task) : c.json({ message: 'unknown' }, 404);
});

app.post('/json', async (c) => {
  const body = await c.req.json();
  return c.json({ message: 'success', fields: Object.keys(body).length });
});

serve({ fetch: app.fetch, hostname: '127.0.0.1', port: Number(FLOOR_PORT) });
