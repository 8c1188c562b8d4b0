import type { Queue } from 'bullmq';
import type { Redis } from 'ioredis';

/**
 * Who is next when several users wait. Each job gets a turn, which BullMQ takes as its priority: one step behind
 * the user's last job, but never before the job that was taken last. A user with one job is so served right after
 * the others' next ones, however many they have waiting; of equal turns the older job goes first.
 * (Start-time fair queueing, Goyal, Vin and Cheng, 1996.)
 *
 * Only the next few jobs of a user have a turn. The others wait at the end of the line and are given theirs while
 * jobs are taken: only then can be told who has little waiting, and steps less far. Where this fails half way
 * (a process that dies, Redis that forgets), a job may be late; it stays in BullMQ's queue, and is taken.
 *
 * In Redis: the hash `fair-order` (`now`, and each user's last turn and step), the sorted set `fair-order:later`
 * (users, by how many of their jobs have no turn yet), and for each of them `fair-order:later:ID` (those jobs, by
 * the time at which they came).
 */

/** A step of an ordinary user; a user with priority p makes steps of 1/p, and so has p turns for one. */
const step = 60;
/** BullMQ's largest priority: the end of the line. */
const lastTurn = 2 ** 21 - 1;
/** How many of a user's jobs have turns at a time: enough for what is taken before the next are given theirs. */
const turnsAhead = 10;
/** Who has little waiting makes shorter steps than who has most, in proportion to it, but not below this. */
const leastShare = 1 / 4;
/** A job that is not in the queue this long after it was given a place was taken or removed. */
const addedWithinMs = 5_000;
/** BullMQ orders jobs by their priority, times this, plus a running number. */
const scorePerPriority = 2 ** 32;

const common = `
local order, later, prioritized, wait = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local lastTurn, turnsAhead, addedWithinMs, endOfLine = ${lastTurn}, ${turnsAhead}, ${addedWithinMs}, ${lastTurn * scorePerPriority}
local now = tonumber(redis.call('HGET', order, 'now') or '0')
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)
local function lastOf(user) return tonumber(redis.call('HGET', order, 'last ' .. user) or '0') end
local function stepOf(user) return tonumber(redis.call('HGET', order, 'step ' .. user) or '${step}') end
local function laterOf(user) return later .. ':' .. user end
local function nextTurn(user, step)
  local turn = math.max(now, lastOf(user)) + step
  if turn <= now + turnsAhead * stepOf(user) and turn < lastTurn then return turn end
end
local function give(user, turn) redis.call('HSET', order, 'last ' .. user, turn) end`;

const takePlaces = `${common}
local turns = {}
for at = 1, #ARGV, 3 do
  local user, step, job = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2]
  redis.call('HSET', order, 'step ' .. user, step)
  local turn = not redis.call('ZSCORE', later, user) and nextTurn(user, step)
  if turn then
    give(user, turn)
  else
    if redis.call('ZADD', laterOf(user), 'NX', ms, job) == 1 then redis.call('ZINCRBY', later, 1, user) end
    turn = lastTurn
  end
  turns[#turns + 1] = turn
end
return turns`;

const beginTurn = `${common}
local taken = tonumber(ARGV[1])
local users = redis.call('ZREVRANGE', later, 0, -1)
if redis.call('ZCARD', prioritized) == 0 and redis.call('LLEN', wait) == 0 then
  -- All but those that were given a place just now and are about to be added.
  for _, user in ipairs(users) do
    redis.call('ZREMRANGEBYSCORE', laterOf(user), '-inf', '(' .. ms - addedWithinMs)
    if redis.call('EXISTS', laterOf(user)) == 0 then redis.call('ZREM', later, user) end
  end
  if redis.call('EXISTS', later) == 0 then
    redis.call('DEL', order)
    return {}
  end
end
if taken < lastTurn then
  now = math.max(now, taken)
elseif now + turnsAhead * ${step} >= lastTurn then
  -- Nobody with a turn waits, and there are none left to give: everybody starts anew.
  now = 0
  for _, field in ipairs(redis.call('HKEYS', order)) do
    if string.sub(field, 1, 5) == 'last ' then redis.call('HDEL', order, field) end
  end
else
  -- Nobody with a turn waits: on to where the first of the others may have one.
  local first
  for _, user in ipairs(users) do
    local opens = lastOf(user) - (turnsAhead - 1) * stepOf(user)
    first = math.min(first or opens, opens)
  end
  now = math.max(now, first or 0)
end
redis.call('HSET', order, 'now', now)

local function firstThatWaits(user)
  local jobs = redis.call('ZRANGE', laterOf(user), 0, 99, 'WITHSCORES')
  for at = 1, #jobs, 2 do
    local score = tonumber(redis.call('ZSCORE', prioritized, jobs[at]) or '0')
    if score >= endOfLine then return jobs[at] end
    if score > 0 or tonumber(jobs[at + 1]) < ms - addedWithinMs then redis.call('ZREM', laterOf(user), jobs[at]) end
  end
end
local leastShare = ${leastShare}
local most = users[1] and redis.call('ZCARD', laterOf(users[1])) or 0
local given = {}
for _, user in ipairs(users) do
  local share = math.max(leastShare, redis.call('ZCARD', laterOf(user)) / most)
  local step = math.max(1, math.floor(stepOf(user) * share))
  local turn = nextTurn(user, step)
  while turn do
    local job = firstThatWaits(user)
    if not job then break end
    give(user, turn)
    redis.call('ZREM', laterOf(user), job)
    given[#given + 1] = job
    given[#given + 1] = turn
    turn = nextTurn(user, step)
  end
  local left = redis.call('ZCARD', laterOf(user))
  if left > 0 then redis.call('ZADD', later, left, user) else redis.call('ZREM', later, user) end
end
return given`;

const placeInLine = `${common}
local user, job = ARGV[1], ARGV[2]
local rank = redis.call('ZRANK', prioritized, job)
if not rank then return nil end
local ahead = redis.call('LLEN', wait)
local among = redis.call('ZRANK', laterOf(user), job)
if not among then return ahead + rank + 1 end
ahead = ahead + redis.call('ZCOUNT', prioritized, '-inf', '(' .. string.format('%.0f', endOfLine))
local users = redis.call('ZRANGE', later, 0, -1, 'WITHSCORES')
for at = 2, #users, 2 do ahead = ahead + math.min(tonumber(users[at]), among + 1) end
return ahead`;

/** A job about to be added, and whose it is. */
export interface InLine {
  jobId: string;
  userId: number;
  priority: number;
}

/** The turns of the next jobs in this queue, in this order: priorities for BullMQ, 1 or more. */
export async function nextTurns(redis: Redis, queue: Queue, jobs: InLine[]): Promise<number[]> {
  const places = jobs.flatMap(({ jobId, userId, priority }) => [
    userId,
    Math.max(1, Math.round(step / priority)),
    jobId,
  ]);
  const turns = await run(redis, queue, takePlaces, places);
  return Array.isArray(turns) ? turns.map(Number) : [];
}

/**
 * A job was taken: later ones come behind its turn, and who waits without a turn may be given one. When it was the
 * last that waited, everybody starts anew.
 */
export async function turnBegan(redis: Redis, queue: Queue, turn: number): Promise<void> {
  const given = await run(redis, queue, beginTurn, [turn]);
  if (!Array.isArray(given)) return;
  const change = async (at: number) => {
    const job = await queue.getJob(String(given[at]));
    // One that was taken meanwhile keeps its place with the worker.
    await job?.changePriority({ priority: Number(given[at + 1]) });
  };
  // One after the other: of equal turns the one that is changed first is taken first.
  for (let at = 0; at < given.length; at += 2) await change(at);
}

/** @returns how many are taken until this one is, itself included; undefined when it does not wait. */
export async function placeOf(
  redis: Redis,
  queue: Queue,
  { jobId, userId }: Pick<InLine, 'jobId' | 'userId'>,
): Promise<number | undefined> {
  const place = await run(redis, queue, placeInLine, [userId, jobId]);
  return typeof place === 'number' ? place : undefined;
}

function run(redis: Redis, queue: Queue, script: string, args: (string | number)[]): Promise<unknown> {
  const keys = ['fair-order', 'fair-order:later', 'prioritized', 'wait'].map((key) => queue.toKey(key));
  return redis.eval(script, keys.length, ...keys, ...args);
}
