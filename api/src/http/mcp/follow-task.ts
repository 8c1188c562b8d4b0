import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { waitOver } from '../../queries/wait-over.ts';
import { type Progress, progressOf } from './progress.ts';
import type { ToolCall } from './tool.ts';

/**
 * The task as it is at its end, or as it is when the time is up or nobody waits for it: it is drawn all the same.
 * @param ms 0 does not wait at all
 */
export async function followTask(
  { mcp: { watched, stopping }, signal, report }: Pick<ToolCall, 'mcp' | 'signal' | 'report'>,
  id: TaskId,
  ms: number,
): Promise<ShownTask | undefined> {
  if (ms === 0) return watched.read(id);
  const over = waitOver([signal, ...(stopping ? [stopping] : [])], ms);
  let last: ShownTask | undefined;
  let reported: Progress | undefined;
  try {
    for await (const task of watched.states(id, over.signal)) {
      last = task;
      const next = progressOf(task, reported);
      if (!next) continue;
      reported = next;
      await report(next);
    }
  } finally {
    over.end();
  }
  return last;
}
