--[[
  What the scripts of the fair order share. It stands in front of each of them (fair-order.ts).

  KEYS[1]  fair-order: hash of `now`, the priority of the job that was taken last, and of each user's
           `last USER`, the priority given last, and `step USER`
  KEYS[2]  fair-order:later: sorted set of the users with jobs at the back of the queue, by how many they have.
           fair-order:later:USER beside it: sorted set of those jobs, by the milliseconds at which they came
  KEYS[3]  prioritized: BullMQ's sorted set of waiting jobs, by priority * 2^32 plus a running number
  KEYS[4]  wait: BullMQ's list of the jobs that come before all of those
]]
local order, later, prioritized, wait = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

-- The step of an ordinary user. A user with priority p makes steps of 1/p, and so has p jobs taken for one.
local ordinaryStep = 60
-- BullMQ's largest priority: the back of the queue, for jobs that are given a priority of their own later.
local back = 2 ^ 21 - 1
local scoreOfBack = back * 2 ^ 32
-- How many of a user's jobs have a priority of their own at a time: enough for what is taken before the next are
-- given theirs.
local ahead = 10
-- A job that is not in the queue this long after it was sent to the back was taken or removed.
local addedWithinMs = 5000

local now = tonumber(redis.call('HGET', order, 'now') or '0')
local time = redis.call('TIME')
local ms = time[1] * 1000 + math.floor(time[2] / 1000)

local function lastOf(user) return tonumber(redis.call('HGET', order, 'last ' .. user) or '0') end
local function stepOf(user) return tonumber(redis.call('HGET', order, 'step ' .. user) or ordinaryStep) end
local function laterOf(user) return later .. ':' .. user end

-- The priority of the user's next job; nil when the user has enough of them, or there are none left.
local function nextPriority(user, step)
  local priority = math.max(now, lastOf(user)) + step
  if priority <= now + ahead * stepOf(user) and priority < back then return priority end
end

local function give(user, priority) redis.call('HSET', order, 'last ' .. user, priority) end
