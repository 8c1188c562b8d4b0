--[[
  Records that a job was taken, and gives priorities to jobs at the back of the queue, as far as their users may have
  more. When no job waits, numbering starts from 0 again.

  KEYS     see common.lua
  ARGV[1]  the priority of the job
  Result   job id, new priority, job id, new priority, …: to be changed in this order
]]
local taken = tonumber(ARGV[1])
-- A user with few jobs at the back makes shorter steps than the one with most, in proportion, but not below this.
local leastShare = 1 / 4

local users = redis.call('ZREVRANGE', later, 0, -1)
if redis.call('ZCARD', prioritized) == 0 and redis.call('LLEN', wait) == 0 then
  -- Jobs that got a priority just now, and are about to be added, stay.
  for _, user in ipairs(users) do
    redis.call('ZREMRANGEBYSCORE', laterOf(user), '-inf', '(' .. ms - addedWithinMs)
    if redis.call('EXISTS', laterOf(user)) == 0 then redis.call('ZREM', later, user) end
  end
  if redis.call('EXISTS', later) == 0 then
    redis.call('DEL', order)
    return {}
  end
end

if taken < back then
  now = math.max(now, taken)
elseif now + ahead * ordinaryStep >= back then
  -- All jobs wait at the back, and no priorities are left: everybody starts from 0.
  now = 0
  for _, field in ipairs(redis.call('HKEYS', order)) do
    if string.sub(field, 1, 5) == 'last ' then redis.call('HDEL', order, field) end
  end
else
  -- All jobs wait at the back: move on to where the first user may have another priority.
  local first
  for _, user in ipairs(users) do
    local opens = lastOf(user) - (ahead - 1) * stepOf(user)
    first = math.min(first or opens, opens)
  end
  now = math.max(now, first or 0)
end
redis.call('HSET', order, 'now', now)

-- The user's oldest job at the back. Forgets jobs that have been taken or removed.
local function oldestAtBack(user)
  local jobs = redis.call('ZRANGE', laterOf(user), 0, 99, 'WITHSCORES')
  for at = 1, #jobs, 2 do
    local score = tonumber(redis.call('ZSCORE', prioritized, jobs[at]) or '0')
    if score >= scoreOfBack then return jobs[at] end
    if score > 0 or tonumber(jobs[at + 1]) < ms - addedWithinMs then redis.call('ZREM', laterOf(user), jobs[at]) end
  end
end

local most = users[1] and redis.call('ZCARD', laterOf(users[1])) or 0
local given = {}
for _, user in ipairs(users) do
  local share = math.max(leastShare, redis.call('ZCARD', laterOf(user)) / most)
  local step = math.max(1, math.floor(stepOf(user) * share))
  local priority = nextPriority(user, step)
  while priority do
    local job = oldestAtBack(user)
    if not job then break end
    give(user, priority)
    redis.call('ZREM', laterOf(user), job)
    given[#given + 1] = job
    given[#given + 1] = priority
    priority = nextPriority(user, step)
  end
  local left = redis.call('ZCARD', laterOf(user))
  if left > 0 then redis.call('ZADD', later, left, user) else redis.call('ZREM', later, user) end
end
return given
