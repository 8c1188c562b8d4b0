import { createRoute, z } from '@hono/zod-openapi';
import {
  type Notify,
  notifyChoices,
  type TriggerType,
  triggerTypes,
} from '@midjourney-api/shared/tasks/task';
import { promptIssueSchema } from '@midjourney-api/shared/tasks/views/task-schema';
import type { User } from '@midjourney-api/shared/users/users';
import type { Context } from 'hono';
import type { TaskRequest } from '../../../commands/requests/task-request.ts';
import { isOfPrompt } from '../../../commands/results/drawn.ts';
import type { Order, Submit, Submitted } from '../../../commands/submit.ts';
import { type AddRoute, type AppEnv, apiPrefix, type RouteContext } from '../../app-env.ts';
import type { ProblemCode } from '../../problems/problem.ts';
import { problemsWithKey } from '../../problems/problem-schema.ts';
import { exampleTaskId, hasAtMost } from '../fields.ts';
import { idempotencyKeyParameters, readOnce, replayedHeader } from '../idempotency-key.ts';

export const costsOneToken = 'Costs one token, which is given back if the task fails.';

const longestState = 1_024;

/** What every submit route takes beside its own fields. */
export const submitFields = {
  state: z
    .string()
    .refine(hasAtMost(longestState), `must have at most ${longestState} characters`)
    .nullish()
    .openapi({ type: ['string', 'null'], maxLength: longestState })
    .describe('your own text, handed back with the task as given'),
  notify_hook: z
    // What else it must be depends on ALLOW_PRIVATE_HOOKS, and is checked with it.
    .url({ protocol: /^https?$/, error: 'must be an https URL' })
    .max(2_048)
    .or(z.literal(''))
    .nullish()
    .openapi({
      type: ['string', 'null'],
      format: 'uri',
      maxLength: 2_048,
      example: 'https://shop.example/hooks/midjourney',
    })
    .describe(
      'https URL that is notified of every change of the task, in order: see the webhook `task` for what it is sent. ' +
        'Signed by Standard Webhooks (https://www.standardwebhooks.com) with a secret of yours, which the operator ' +
        'has for you. It must lead to a public address and answer with 2xx within 10 seconds; anything else is tried ' +
        'again with growing delays for 24 hours, 410 never again. Redirects are not followed.',
    ),
  notify: z
    .enum(notifyChoices)
    .nullish()
    .openapi({ type: ['string', 'null'], enum: [...notifyChoices, null] })
    .describe(
      'which changes notify_hook is sent: `all`, as without this, or `final`, the end and what comes after it',
    ),
};

export interface SubmitBody {
  state?: string | null | undefined;
  notify_hook?: string | null | undefined;
  notify?: Notify | null | undefined;
}

export function hookOf({ notify_hook: url, notify }: SubmitBody): Order['hook'] {
  return url ? { url, notify: notify ?? 'all', dialect: 'v1' } : undefined;
}

interface SubmitDescription<Path extends string> {
  path: Path;
  operationId: string;
  triggerType: TriggerType;
  summary: string;
  description?: string;
  /** Whether the answer names the task whose picture it continues. */
  hasParent?: boolean;
  /** Beside those of every submit. */
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
      // The route's validator made it; within a generic function its type cannot be inferred.
      const body = c.req.valid('json' as never) as z.output<Schema>;
      return submitAndAnswer(c, context.commands.submit, { path: described.path, body }, () =>
        request(body, c.get('user'), context),
      );
    });
  };
}

/** What is the same in the documentation of all routes that submit. */
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
          Location: z.string().optional().describe('where the task is'),
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
      .describe('what Midjourney may refuse of the prompt, or draw otherwise'),
  })
  .openapi('Accepted');

/** Submits what a validated body asks for, and answers with the task. */
export async function submitAndAnswer(
  c: Context<AppEnv>,
  submit: Submit,
  sent: SentBody,
  request: Order['request'],
) {
  const task = await submitBody(c, submit, sent, request);
  const warnings = (task.warnings ?? []).filter(isOfPrompt);
  c.header('Location', `${apiPrefix}/task/${task.id}`);
  return c.json(
    {
      message: 'success' as const,
      trigger_id: task.id,
      trigger_type: task.triggerType,
      status: 'queued' as const,
      ...(task.parentId && { parent_trigger_id: task.parentId }),
      ...(warnings.length > 0 && { warnings }),
    },
    200,
  );
}

interface SentBody {
  path: string;
  body: SubmitBody;
}

/** Submits what a validated body asks for, in whatever dialect it is answered. */
export async function submitBody(
  c: Context<AppEnv>,
  submit: Submit,
  { path, body }: SentBody,
  request: Order['request'],
): Promise<Submitted['task']> {
  const once = readOnce(c, path);
  const { task, replayed } = await submit({
    user: c.get('user'),
    requestId: c.get('requestId'),
    request,
    state: body.state,
    hook: hookOf(body),
    once: once && { ...once, body },
  });
  if (replayed) c.header('Idempotency-Replayed', 'true');
  return task;
}
