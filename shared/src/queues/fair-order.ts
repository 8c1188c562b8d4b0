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

const takeTurns = `
local now = tonumber(redis.call('HGET', KEYS[1], 'now') or '0')
local turns = {}
for at = 2, #ARGV, 2 do
  local last = tonumber(redis.call('HGET', KEYS[1], ARGV[at]) or '0')
  local turn = math.min(math.max(now, last) + tonumber(ARGV[at + 1]), tonumber(ARGV[1]))
  redis.call('HSET', KEYS[1], ARGV[at], turn)
  turns[#turns + 1] = turn
end
return turns`;

const beginTurn = `
if redis.call('ZCARD', KEYS[2]) == 0 and redis.call('LLEN', KEYS[3]) == 0 then
  redis.call('DEL', KEYS[1])
elseif tonumber(ARGV[1]) > tonumber(redis.call('HGET', KEYS[1], 'now') or '0') then
  redis.call('HSET', KEYS[1], 'now', ARGV[1])
end`;

/** The turns of the next jobs in this queue, of these users in this order: priorities for BullMQ, 1 or more. */
export async function nextTurns(
  redis: Redis,
  queue: Queue,
  users: { userId: number; priority: number }[],
): Promise<number[]> {
  const steps = users.flatMap(({ userId, priority }) => [
    `user ${userId}`,
    Math.max(1, Math.round(step / priority)),
  ]);
  const turns = await redis.eval(takeTurns, 1, queue.toKey('fair-order'), lastTurn, ...steps);
  return Array.isArray(turns) ? turns.map(Number) : [];
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
