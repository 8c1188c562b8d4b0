import { z } from '@hono/zod-openapi';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import { maySee, noSuchTask } from '../../../queries/access.ts';
import { taskIdField } from '../../v1/fields.ts';
import { waitField } from '../drawing-tool.ts';
import { followTask } from '../follow-task.ts';
import { taskContent } from '../task-content.ts';
import { tool } from '../tool.ts';

export const addGetTask = tool({
  name: 'get_task',
  title: 'Look at a task',
  description: 'Shows a task with its picture, texts and buttons. Waits for its end if it has not ended.',
  readOnly: true,
  schema: z.strictObject({ trigger_id: taskIdField, wait: waitField }),
  run: async ({ trigger_id: id, wait }, call) => {
    const { c, mcp } = call;
    const now = isTaskId(id) ? await mcp.watched.read(id) : undefined;
    if (!now || !maySee(c.get('user'), now)) throw noSuchTask(id);
    const shown = (await followTask(call, now.id, wait * 1_000)) ?? now;
    return { content: await taskContent(call, shown) };
  },
});
