--[[
  Shared by the scripts of the fair order: fair-order.ts puts it in front of each of them.

  KEYS[1]  fair-order: hash of `now`, the priority of the job taken last, and for each user `last USER`, the
           priority given last, and `step USER`
  KEYS[2]  fair-order:later: sorted set of the users with jobs at the back of the queue, by their number.
           fair-order:later:USER: sorted set of these jobs, by the milliseconds at which they arrived
  KEYS[3]  prioritized: BullMQ's sorted set of waiting jobs, by priority * 2^32 plus a running number
  KEYS[4]  wait: BullMQ's list of jobs that come before all of those
]]
local order, later, prioritized, wait = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

-- The step of an ordinary user. A user with priority p makes steps of 1/p, so p of their jobs are taken for one.
local ordinaryStep = 60
-- BullMQ's largest priority: the back of the queue, for jobs that get a priority later.
local back = 2 ^ 21 - 1
local scoreOfBack = back * 2 ^ 32
-- How many of a user's jobs have a priority at a time: enough until the next ones get theirs.
local ahead = 10
-- A job that is not in the queue this long after it was sent to the back has been taken or removed.
local addedWithinMs = 5000

local now = tonumber(redis.call('HGET', order, 'now') or '0')
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)

local function lastOf(user) return tonumber(redis.call('HGET', order, 'last ' .. user) or '0') end
local function stepOf(user) return tonumber(redis.call('HGET', order, 'step ' .. user) or ordinaryStep) end
local function laterOf(user) return later .. ':' .. user end

-- The priority of the user's next job; nil if the user has enough of them, or there are none left.
local function nextPriority(user, step)
  local priority = math.max(now, lastOf(user)) + step
  if priority <= now + ahead * stepOf(user) and priority < back then return priority end
end

local function give(user, priority) redis.call('HSET', order, 'last ' .. user, priority) end
