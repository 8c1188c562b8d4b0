import { z } from 'zod';
import { taskStatuses } from '../tasks/statuses.ts';
import { taskSchema } from '../tasks/views/task-schema.ts';

/** The body of a post to a notify_hook: the task right after a change. */
export const noticeSchema = z.object({
  type: z.enum(taskStatuses.map((status) => `task.${status}` as const)),
  timestamp: z.iso.datetime({ precision: 3 }).describe('when it changed'),
  data: taskSchema,
});

export type NoticeBody = z.infer<typeof noticeSchema>;
