import { z } from '@hono/zod-openapi';
import type { User } from '@midjourney-api/shared/users/users';
import type { TaskRequest } from '../../commands/requests/task-request.ts';
import { followTask } from './follow-task.ts';
import { taskContent } from './task-content.ts';
import { type AddTool, type ToolCall, type ToolDescription, textBlock, tool } from './tool.ts';

/** Many clients give up on a tool after a minute, and would never learn the task's id. */
const usualWait = 50;
const longestWait = 300;

export const waitField = z
  .int()
  .min(0)
  .max(longestWait)
  .default(usualWait)
  .describe(
    'seconds to wait for its end; the task continues by itself afterwards. 0 answers at once. More than 50 only if your client waits longer than a minute for a tool',
  );

interface DrawingTool<Schema extends z.ZodType<{ wait: number }>>
  extends Omit<ToolDescription<Schema>, 'readOnly' | 'forOperators'> {
  /** What the arguments ask for. @throws {Refusal} */
  request: (args: z.output<Schema>, user: User, call: ToolCall) => TaskRequest | Promise<TaskRequest>;
}

/** A tool that submits a task and, unless it is asked not to, waits for its end. */
export function drawingTool<Schema extends z.ZodType<{ wait: number }>>({
  request,
  description,
  ...described
}: DrawingTool<Schema>): AddTool {
  return tool({
    ...described,
    description: `${description} Costs one token, which is given back if the task fails. Each call is a new task.`,
    run: async (args, call) => {
      const { c, mcp } = call;
      const user = c.get('user');
      const requestId = c.get('requestId');
      const order = { user, requestId, request: () => request(args, user, call) };
      const { task } = await mcp.commands.submit(order);
      try {
        const shown = await followTask(call, task.id, args.wait * 1_000);
        if (!shown) throw new Error('The task that was accepted is gone.');
        return { content: await taskContent(call, shown), isError: shown.status === 'failed' };
      } catch (err) {
        mcp.log.warn({ request_id: requestId, task: task.id, err }, 'an accepted task cannot be shown');
        // Anything that reads like a refusal would have it submitted, and paid for, again.
        const text = `Task ${task.id} was accepted, but cannot be read now. Do not submit it again: call get_task in a moment.`;
        return { content: [textBlock(text)] };
      }
    },
  });
}
