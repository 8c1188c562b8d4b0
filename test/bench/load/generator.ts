import { sendEvenly } from './evenly.ts';
import { sendAtFullSpeed } from './full-speed.ts';
import type { LoadPlan, LoadResult } from './plan.ts';

/** The process that generates the load, so that its cost is not part of what it measures. */

process.on('message', async (plan: LoadPlan) => {
  const result: LoadResult = await (plan.perSecond
    ? sendEvenly(plan, plan.perSecond)
    : sendAtFullSpeed(plan));
  process.send?.(result);
});
process.on('disconnect', () => process.exit(0));
