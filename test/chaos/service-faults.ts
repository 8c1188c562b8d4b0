import { setTimeout as delay } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import type { Fault, FaultContext } from './fault.ts';

/** The faults of MySQL and Redis, and of the networks to them and to Discord. */
export const serviceFaults: [string, Fault][] = [
  ['task locked', (context) => lockRow(context, openTask)],
  ['task locked', (context) => lockRow(context, openTask)],
  [
    'task locked, history read again',
    async (context) => {
      const locking = lockRow(context, openTask);
      await delay(context.random.between(0, 1_000), undefined, { signal: context.over }).catch(() => {});
      await context.stage.midjourney.dropGateway({ resumable: false });
      await locking;
    },
  ],
  [
    'user locked',
    (context) => lockRow(context, () => 'select id from user_info order by rand() limit 1 for update'),
  ],
  [
    'account locked',
    (context) => lockRow(context, () => 'select name from accounts order by rand() limit 1 for update'),
  ],
  ['tables locked', (context) => holdMySql(context, 'flush tables with read lock', 3_000)],
  ['MySQL connections killed', killConnections],
  [
    'redis emptied',
    async ({ stage }) => {
      const redis = new Redis(stage.services.redisUrl, {
        maxRetriesPerRequest: 1,
        retryStrategy: () => null,
      });
      redis.on('error', () => {});
      await redis.flushall().catch(() => {});
      redis.disconnect();
    },
  ],
  ...(['MySQL', 'Redis', 'Discord'] as const).flatMap((name): [string, Fault][] => [
    [`network to ${name} stalled`, (context) => disturb(context, name, 'stall')],
    [`network to ${name} slow`, (context) => disturb(context, name, 'hold')],
    [`network to ${name} cut`, (context) => disturb(context, name, 'cut')],
    [`connections to ${name} reset`, async ({ stage }) => stage.networks[name].reset()],
  ]),
];

async function disturb(
  { stage, random, over }: FaultContext,
  name: keyof FaultContext['stage']['networks'],
  how: 'stall' | 'hold' | 'cut',
): Promise<void> {
  const ms = random.between(500, 4_000);
  stage.networks[name][how]();
  await delay(ms, undefined, { signal: over }).catch(() => {});
  stage.networks[name].resume();
}

/** One of the next to be sent, or of those that are drawn. */
const openTask = ({ random }: FaultContext) =>
  `select id from tasks where status in ('queued', 'submitted', 'running') order by id limit ${random.between(0, 9)}, 2 for update`;

function lockRow(context: FaultContext, statement: (context: FaultContext) => string): Promise<void> {
  return holdMySql(context, statement(context), 6_000);
}

/** Holds what a statement locks for a second or longer. */
async function holdMySql(
  { stage, random, over }: FaultContext,
  statement: string,
  longestMs: number,
): Promise<void> {
  const ms = random.between(1_000, longestMs);
  await withMySql(stage, async (connection) => {
    await connection.query('set session lock_wait_timeout = 3');
    await connection.beginTransaction();
    await connection.query(statement);
    await delay(ms, undefined, { signal: over }).catch(() => {});
  });
}

async function killConnections({ stage, random }: FaultContext): Promise<void> {
  await withMySql(stage, async (connection) => {
    const [rows] = await connection.query<RowDataPacket[]>(
      `select id from information_schema.processlist
       where user = substring_index(current_user(), '@', 1) and id <> connection_id()`,
    );
    for (const { id } of rows)
      if (random.chance(0.6)) await connection.query(`kill ${Number(id)}`).catch(() => {});
  });
}

/** A connection for a moment; all that it holds goes with it. MySQL may be down or frozen: then this fault finds nothing to break. */
async function withMySql(
  { services }: FaultContext['stage'],
  act: (connection: Connection) => Promise<void>,
): Promise<void> {
  const connection = await createConnection({ ...services.db, connectTimeout: 1_000 }).catch(() => undefined);
  if (!connection) return;
  connection.on('error', () => {});
  await act(connection).catch(() => {});
  connection.destroy();
}
