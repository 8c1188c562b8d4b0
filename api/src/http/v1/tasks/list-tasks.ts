import { createRoute, z } from '@hono/zod-openapi';
import { taskStatuses } from '@midjourney-api/shared/tasks/statuses';
import { bots, failCodes, triggerTypes } from '@midjourney-api/shared/tasks/task';
import { createListTasks, readCursor } from '../../../queries/list-tasks.ts';
import { clueInLink, type PictureClue } from '../../../queries/tasks-of-picture.ts';
import type { Api, RouteContext } from '../../app-env.ts';
import { problemsWithKey } from '../../problems/problem-schema.ts';
import { exampleHash } from '../fields.ts';
import { taskExample, taskSchema } from './task-schema.ts';
import { notToKeep, viewTasksFor } from './task-views.ts';

/** Where the next page of a list starts. */
export const cursorField = z
  .string()
  .refine((cursor) => readCursor(cursor) !== undefined, 'must be a next_cursor of an earlier answer')
  .optional()
  .describe('next_cursor of the page before');

const route = createRoute({
  method: 'get',
  path: '/tasks',
  operationId: 'listTasks',
  tags: ['Tasks'],
  summary: 'Your tasks, newest first; for operators, everybody’s',
  request: {
    query: z.object({
      status: z.enum(taskStatuses).optional(),
      trigger_type: z.enum(triggerTypes).optional(),
      bot: z.enum(bots).optional().describe('the bot whose command or button it is'),
      button: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .describe('of tasks of `/action`: the kind of button that was pressed'),
      msg_id: z
        .string()
        .regex(/^\d{10,20}$/, "must be the id of Discord's message")
        .optional()
        .describe("Discord's id of the message with its picture"),
      hash: z
        .string()
        .regex(/^[0-9A-Za-z-]{1,64}$/, "must be Midjourney's id of a job")
        .optional()
        .openapi({ example: exampleHash })
        .describe('Midjourney’s id of its job'),
      image: z
        .string()
        .max(2_048)
        .refine(
          (link) => clueInLink(link) !== undefined,
          'must be the link of a picture, as a task or Discord shows it, or the name of its file',
        )
        .optional()
        .describe('a link to its picture, ours or Discord’s, or the name of its file'),
      user: z.string().max(64).optional().describe('operators: the name of a user'),
      account: z.string().max(64).optional().describe('operators: the account that draws them'),
      fail_code: z.enum(failCodes).optional().describe('operators: why they failed'),
      q: z
        .string()
        .min(1)
        .max(200)
        .optional()
        .describe('operators: a part of the prompt; or the id of a task, a request or a message'),
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: cursorField,
    }),
  },
  responses: {
    200: {
      description: 'A page of tasks',
      content: {
        'application/json': {
          schema: z
            .object({
              data: z.array(taskSchema),
              next_cursor: z.string().nullable().describe('null on the last page'),
            })
            .openapi('Tasks'),
          example: { data: [taskExample], next_cursor: 'Mjg5NTE4Mzc0MDEyNTE4NDAw' },
        },
      },
    },
    ...problemsWithKey('invalid_request', 'forbidden', 'not_found'),
  },
});

export function addListTasks(api: Api, deps: RouteContext): void {
  const { db, freshLinks } = deps;
  const listTasks = createListTasks(db);
  api.openapi(route, async (c) => {
    const { trigger_type, fail_code, user, cursor, msg_id, hash, image, ...filter } = c.req.valid('query');
    const { page, nextCursor } = await listTasks(c.get('user'), {
      ...filter,
      triggerType: trigger_type,
      failCode: fail_code,
      userName: user,
      clues: cluesIn({ msg_id, hash, image }),
      before: cursor === undefined ? undefined : readCursor(cursor),
    });
    const data = await viewTasksFor(c, deps, await freshLinks(page));
    return c.json({ data, next_cursor: nextCursor }, 200, notToKeep);
  });
}

function cluesIn(query: {
  msg_id: string | undefined;
  hash: string | undefined;
  image: string | undefined;
}): PictureClue[] {
  const clues: (PictureClue | undefined)[] = [
    query.msg_id === undefined ? undefined : { by: 'message', messageId: query.msg_id },
    query.hash === undefined ? undefined : { by: 'job', hash: query.hash },
    query.image === undefined ? undefined : clueInLink(query.image),
  ];
  return clues.filter((clue) => clue !== undefined);
}
