import { z } from '@hono/zod-openapi';
import { taskStatuses } from '@midjourney-api/shared/tasks/statuses';
import { triggerTypes } from '@midjourney-api/shared/tasks/task';
import { readCursor } from '../../../queries/list-tasks.ts';
import { cursorField } from '../../v1/tasks/list-tasks.ts';
import { viewTasksFor } from '../../v1/tasks/task-views.ts';
import { textBlock, tool } from '../tool.ts';

export const addListTasks = tool({
  name: 'list_tasks',
  title: 'List tasks',
  description: 'Lists your tasks, newest first, without their buttons, which get_task shows.',
  readOnly: true,
  schema: z.strictObject({
    status: z.enum(taskStatuses).optional(),
    trigger_type: z.enum(triggerTypes).optional().describe('what kind of task'),
    limit: z.int().min(1).max(50).default(10),
    cursor: cursorField,
  }),
  run: async ({ status, trigger_type: triggerType, limit, cursor }, { c, mcp }) => {
    const before = cursor === undefined ? undefined : readCursor(cursor);
    const { page, nextCursor } = await mcp.listTasks(c.get('user'), { status, triggerType, limit, before });
    const views = await viewTasksFor(c, mcp, await mcp.freshLinks(page));
    const data = views.map(({ buttons: _, ...view }) => view);
    return { content: [textBlock(JSON.stringify({ data, next_cursor: nextCursor }))] };
  },
});
