import { z } from '@hono/zod-openapi';
import { type NoticeBody, noticeSchema } from '@midjourney-api/shared/notices/notice-body';
import { taskExample, taskSchema } from '../v1/tasks/task-schema.ts';

const schema = noticeSchema.extend({ data: taskSchema }).openapi('TaskNotice');

const example: NoticeBody = {
  type: 'task.succeeded',
  timestamp: '2026-01-01T12:00:41.903Z',
  data: taskExample,
};

/** Documents what is sent to a task's notify_hook. */
export const taskWebhook = {
  method: 'post' as const,
  path: 'task',
  tags: ['Tasks'],
  summary: 'A task has changed',
  description:
    'Sent to the `notify_hook` of a task for each of its changes, progress included, in order: each only after the one ' +
    'before was answered. Progress that was not taken is dropped when a newer notice waits. With `notify: "final"` only ' +
    'the end is sent, and what comes after it. `data` is the task as `GET /task/{id}` showed it right after the change. ' +
    'Verify it with a library of Standard Webhooks and your secret (`whsec_…`) before you read it, against the ' +
    'body as it came. It may come twice: then it has the same `webhook-id`. After the end it comes once more when ' +
    '`image_url` became the link that stays, or a picture came after all.',
  security: [{ webhookSignature: [] }],
  request: {
    headers: z.object({
      'webhook-id': z.string().describe('the same however often this change is sent'),
      'webhook-timestamp': z
        .string()
        .describe('seconds since 1970, of this attempt; refuse what is over 5 minutes old'),
      'webhook-signature': z
        .string()
        .describe(
          '`v1,` and a signature; two of them, separated by a space, for 24 hours after the secret changed',
        ),
    }),
    body: { required: true, content: { 'application/json': { schema, example } } },
  },
  responses: {
    '2XX': { description: 'Taken' },
    410: { description: 'You want no more notices of this task' },
    default: { description: 'Not taken: tried again after about a second, later an hour, for 24 hours' },
  },
};
