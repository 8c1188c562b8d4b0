import { createRoute, z } from '@hono/zod-openapi';
import type { Changed } from '@midjourney-api/shared/tasks/change-task';
import { isOpen, taskStatuses } from '@midjourney-api/shared/tasks/statuses';
import { createEndTask, type EndCode } from '../../../commands/end-task.ts';
import type { Dependencies } from '../../../dependencies.ts';
import type { Api } from '../../app-env.ts';
import { problemsWithKey } from '../../problems/problem-schema.ts';
import { exampleTaskId, taskIdField } from '../fields.ts';

interface EndTaskRoute {
  path: string;
  operationId: string;
  summary: string;
  description: string;
  /** Names of the request's and the answer's schema. */
  schemas: [request: string, answer: string];
  /** Also the name of the answer's field that says whether the task has ended this way already. */
  code: EndCode;
  messageDescription: string;
  /** @returns whether it has ended as requested, and how to say that it had ended otherwise before. */
  outcome: (changed: Changed) => { done: boolean; message: string };
}

const atMidjourney =
  'Midjourney is asked to stop; the task fails with "cancelled" once it has, and its token is given back.';

/** A route that ends a task, described by what differs between such routes. */
export function addEndTaskRoute(api: Api, deps: Dependencies, about: EndTaskRoute): void {
  const { path, operationId, summary, description, schemas, code, messageDescription, outcome } = about;
  const answerSchema = z
    .object({
      message: z.string().describe(messageDescription),
      trigger_id: z.string(),
      status: z.enum(taskStatuses),
      [code]: z.boolean().describe('whether the task has ended this way already'),
    })
    .openapi(schemas[1]);
  const example = { trigger_id: exampleTaskId };
  const route = createRoute({
    method: 'post',
    path,
    operationId,
    tags: ['Tasks'],
    summary,
    description,
    request: {
      body: {
        required: true,
        content: {
          'application/json': {
            schema: z.strictObject({ trigger_id: taskIdField }).openapi(schemas[0]),
            example,
          },
        },
      },
    },
    responses: {
      200: {
        description: 'What became of it',
        content: {
          'application/json': {
            schema: answerSchema,
            examples: {
              waiting: { value: { message: 'success', ...example, status: 'failed', [code]: true } },
              drawing: { value: { message: atMidjourney, ...example, status: 'running', [code]: false } },
            },
          },
        },
      },
      ...problemsWithKey('invalid_request', 'not_found', 'too_large'),
    },
  });

  const endTask = createEndTask(deps);
  api.openapi(route, async (c) => {
    const id = c.req.valid('json').trigger_id;
    const changed = await endTask({ user: c.get('user'), requestId: c.get('requestId'), id, code });
    const { task } = changed;
    c.set('task', task.id);
    const { done, message } = outcome(changed);
    const answer = { trigger_id: task.id, status: task.status, [code]: done };
    return c.json({ message: isOpen(task) ? atMidjourney : message, ...answer }, 200);
  });
}
