--[[
  The position of a job in its queue, starting at 1. Exact for a job with a priority, an estimate for one at the back of
  the queue.

  KEYS     see common.lua
  ARGV[1]  user
  ARGV[2]  job id
  Result   the position; nil for a job that does not wait
]]
local user, job = ARGV[1], ARGV[2]
local rank = redis.call('ZRANK', prioritized, job)
if not rank then return nil end
local before = redis.call('LLEN', wait)
local rankAtBack = redis.call('ZRANK', laterOf(user), job)
if not rankAtBack then return before + rank + 1 end

before = before + redis.call('ZCOUNT', prioritized, '-inf', '(' .. string.format('%.0f', scoreOfBack))
-- By then, as many jobs of every user at the back have been taken as of this one.
local users = redis.call('ZRANGE', later, 0, -1, 'WITHSCORES')
for at = 2, #users, 2 do before = before + math.min(tonumber(users[at]), rankAtBack + 1) end
return before
