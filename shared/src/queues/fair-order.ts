import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

/**
 * Who is next when several users wait. Each job gets a turn, which BullMQ takes as its priority: one step behind
 * the user's last job, but never before the job that was taken last. A user with one job is so served right after
 * the others' next ones, however many they have waiting; of equal turns the older job goes first.
 * (Start-time fair queueing, Goyal, Vin and Cheng, 1996.)
 */

/** A step of an ordinary user; a user with priority p makes steps of 1/p, and so has p turns for one. */
const step = 60;
/** BullMQ's largest priority. Whoever has so much waiting queues up at its end. */
const lastTurn = 2 ** 21 - 1;

const takeTurn = `
local now = tonumber(redis.call('HGET', KEYS[1], 'now') or '0')
local last = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
local turn = math.min(math.max(now, last) + tonumber(ARGV[2]), tonumber(ARGV[3]))
redis.call('HSET', KEYS[1], ARGV[1], turn)
return turn`;

const beginTurn = `
if redis.call('ZCARD', KEYS[2]) == 0 and redis.call('LLEN', KEYS[3]) == 0 then
  redis.call('DEL', KEYS[1])
elseif tonumber(ARGV[1]) > tonumber(redis.call('HGET', KEYS[1], 'now') or '0') then
  redis.call('HSET', KEYS[1], 'now', ARGV[1])
end`;

/** The turn of a user's next job in this queue: a priority for BullMQ, 1 for the very first. */
export async function nextTurn(
  redis: Redis,
  queue: Queue,
  userId: number,
  priority: number,
): Promise<number> {
  const ownStep = Math.max(1, Math.round(step / priority));
  return Number(
    await redis.eval(takeTurn, 1, queue.toKey('fair-order'), `user ${userId}`, ownStep, lastTurn),
  );
}

/** A job was taken: later ones come behind its turn. When it was the last that waited, everybody starts anew. */
export async function turnBegan(redis: Redis, queue: Queue, turn: number): Promise<void> {
  await redis.eval(
    beginTurn,
    3,
    queue.toKey('fair-order'),
    queue.toKey('prioritized'),
    queue.toKey('wait'),
    turn,
  );
}
