--[[
  Gives priorities to jobs that are about to be added. A user's jobs beyond the first few go to the back of the queue, and
  are recorded there.

  KEYS     see common.lua
  ARGV     for each job: user, weight of the user (1 is ordinary), job id
  Result   the priorities, in the order of the jobs
]]
local priorities = {}
for at = 1, #ARGV, 3 do
  local user, weight, job = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2]
  local step = math.max(1, math.floor(ordinaryStep / weight + 0.5))
  redis.call('HSET', order, 'step ' .. user, step)
  local priority = not redis.call('ZSCORE', later, user) and nextPriority(user, step)
  if priority then
    give(user, priority)
  else
    if redis.call('ZADD', laterOf(user), 'NX', ms, job) == 1 then redis.call('ZINCRBY', later, 1, user) end
    priority = back
  end
  priorities[#priorities + 1] = priority
end
return priorities
