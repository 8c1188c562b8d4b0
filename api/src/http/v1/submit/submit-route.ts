import { createRoute, z } from '@hono/zod-openapi';
import { type TriggerType, triggerTypes } from '@midjourney-api/shared/tasks/task';
import { promptIssueSchema } from '@midjourney-api/shared/tasks/views/task-schema';
import type { User } from '@midjourney-api/shared/users/users';
import type { TaskRequest } from '../../../commands/requests/task-request.ts';
import type { AddRoute, RouteContext } from '../../app-env.ts';
import type { ProblemCode } from '../../problems/problem.ts';
import { problemsWithKey } from '../../problems/problem-schema.ts';
import { exampleTaskId } from '../fields.ts';
import { idempotencyKeyParameters, replayedHeader } from '../idempotency-key.ts';
import { submitAndAnswer } from './submit-body.ts';
import type { SubmitBody } from './submit-fields.ts';

export const costsOneToken = 'Costs one token, which is given back if the task fails.';

interface SubmitDescription<Path extends string> {
  path: Path;
  operationId: string;
  triggerType: TriggerType;
  summary: string;
  description?: string;
  /** Whether the answer names the task whose picture it continues. */
  hasParent?: boolean;
  /** Besides those of every submit. */
  problems?: ProblemCode[];
}

interface SubmitRoute<Schema extends z.ZodType<SubmitBody>> extends SubmitDescription<string> {
  schema: Schema;
  /** Of the body, or several by name. */
  example?: unknown;
  examples?: Record<string, { value: unknown }>;
  /** What the body asks for. @throws {Refusal} */
  request: (body: z.output<Schema>, user: User, context: RouteContext) => TaskRequest | Promise<TaskRequest>;
}

/** A route that submits a task by a JSON body. */
export function submitRoute<Schema extends z.ZodType<SubmitBody>>({
  schema,
  example,
  examples,
  request,
  ...described
}: SubmitRoute<Schema>): AddRoute {
  const content = { 'application/json': { schema, ...(examples ? { examples } : { example }) } };
  const route = createRoute({
    ...describeSubmit(described),
    request: { body: { required: true, content } },
  });
  return function addSubmitRoute(api, context) {
    api.openapi(route, (c) => {
      // The route's validator has read it; in a generic function its type cannot be inferred.
      const body = c.req.valid('json' as never) as z.output<Schema>;
      return submitAndAnswer(c, context.commands.submit, { path: described.path, body }, () =>
        request(body, c.get('user'), context),
      );
    });
  };
}

/** The documentation that all routes which submit have in common. */
export function describeSubmit<Path extends string>({
  path,
  operationId,
  triggerType,
  summary,
  description = costsOneToken,
  hasParent = false,
  problems = [],
}: SubmitDescription<Path>) {
  const example = {
    message: 'success' as const,
    trigger_id: hasParent ? '1767323045678401' : exampleTaskId,
    trigger_type: triggerType,
    status: 'queued' as const,
    ...(hasParent && { parent_trigger_id: exampleTaskId }),
  };
  return {
    method: 'post' as const,
    path,
    operationId,
    tags: ['Submit'],
    summary,
    description,
    parameters: idempotencyKeyParameters,
    responses: {
      200: {
        description: 'Accepted; follow the task at the address in `Location`',
        headers: z.object({
          Location: z.string().optional().describe('the address of the task'),
          ...replayedHeader.shape,
        }),
        content: { 'application/json': { schema: acceptedSchema, example } },
      },
      ...problemsWithKey(
        'invalid_request',
        ...problems,
        'idempotency_conflict',
        'too_large',
        'insufficient_tokens',
        'queue_full',
      ),
    },
  };
}

const acceptedSchema = z
  .object({
    message: z.literal('success'),
    trigger_id: z.string().describe("the new task's id"),
    trigger_type: z.enum(triggerTypes),
    status: z.literal('queued'),
    parent_trigger_id: z.string().optional().describe('the task whose picture it continues'),
    warnings: z
      .array(promptIssueSchema)
      .optional()
      .describe('what Midjourney may refuse in the prompt, or draw differently'),
  })
  .openapi('Accepted');
