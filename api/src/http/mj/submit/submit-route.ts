import type { z } from '@hono/zod-openapi';
import { objectionToUrl } from '@midjourney-api/shared/outbound/public-address';
import type { Speed } from '@midjourney-api/shared/tasks/task';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { User } from '@midjourney-api/shared/users/users';
import type { Context } from 'hono';
import { invalidField, Refusal } from '../../../commands/refusal.ts';
import type { TaskRequest } from '../../../commands/requests/task-request.ts';
import type { Order } from '../../../commands/submit.ts';
import type { AppEnv } from '../../app-env.ts';
import { type Envelope, envelopeSchema, mjCodes, mjJson, mjProblemResponse } from '../answer.ts';
import { type AddMjRoute, type MjContext, mjPost } from '../mj-route.ts';
import { type MjSubmitBody, speedOf } from './submit-fields.ts';

export const envelopeExample: Envelope = {
  code: mjCodes.success,
  description: 'Submit success',
  result: '1767323045678400',
  properties: {},
};

/** Whose request it is, and what it asks for beside its body. */
export interface MjClient {
  user: User;
  requestId: string;
  /** It overrides what the prompt says. */
  speed: Speed | undefined;
}

interface MjSubmit<Schema extends z.ZodType<MjSubmitBody>> {
  /** Below /mj. */
  path: string;
  operationId: string;
  summary: string;
  description?: string;
  schema: Schema;
  /** Of the body. */
  example: unknown;
  /** Whether pictures may come in the body, so that it may be large. */
  pictures?: boolean;
  /** What the body asks for. @throws {Refusal} */
  request: (
    body: z.output<Schema>,
    client: MjClient,
    context: MjContext,
  ) => TaskRequest | Promise<TaskRequest>;
}

/** A route that submits a task. */
export function mjSubmit<Schema extends z.ZodType<MjSubmitBody>>({
  request,
  ...described
}: MjSubmit<Schema>): AddMjRoute {
  return mjPost({
    ...described,
    answer: { schema: envelopeSchema, example: envelopeExample },
    handle: (c, body, context) => submitMj(c, context, body, (client) => request(body, client, context)),
  });
}

/**
 * Where its task's changes are sent.
 * @throws {Refusal} `invalid_request` for what this service will not call: a client that relies on its hook would wait
 * for nothing.
 */
export function hookOf(
  { config: { ALLOW_PRIVATE_HOOKS: allowPrivate } }: Pick<MjContext, 'config'>,
  { notifyHook: url }: Pick<MjSubmitBody, 'notifyHook'>,
): Order['hook'] {
  if (url === undefined) return undefined;
  const objection = objectionToUrl(url, { allowPrivate });
  const otherwise = allowPrivate ? '' : ', unless the operator sets ALLOW_PRIVATE_HOOKS=1';
  if (objection !== undefined) throw invalidField('notifyHook', `${objection}${otherwise}`);
  return { url, notify: 'all', dialect: 'mj' };
}

/**
 * Submits what a body asks for, and answers with its task.
 * @param window in which it was prepared, whose id the task gets
 * @throws {Refusal}
 */
export async function submitMj(
  c: Context<AppEnv>,
  context: MjContext,
  body: MjSubmitBody & { prompt?: string | undefined },
  request: (client: MjClient) => TaskRequest | Promise<TaskRequest>,
  window?: TaskId,
): Promise<Response> {
  const { commands, outlook, config } = context;
  const client = { user: c.get('user'), requestId: c.get('requestId'), speed: speedOf(c, body) };
  const hook = hookOf(context, body);
  try {
    const made = await request(client);
    const wanted = { account: made.account ?? null, speed: made.speed ?? null };
    await outlook.requireAccount(wanted);
    const { task } = await commands.submit({
      user: client.user,
      requestId: client.requestId,
      request: made,
      state: body.state,
      hook,
      window,
    });
    c.set('task', task.id);
    return mjJson(c, accepted(context, task.id, await outlook.tasksBefore(wanted)));
  } catch (error) {
    if (!(error instanceof Refusal && error.code === 'banned_prompt')) throw error;
    const { banned_word: bannedWord = '' } = error.members ?? {};
    return mjProblemResponse(c, config, error, {}, { promptEn: body.prompt ?? '', bannedWord });
  }
}

function accepted({ config }: Pick<MjContext, 'config'>, id: string, before: number): Envelope {
  if (before === 0) return succeeded(id);
  return {
    code: config.MJ_QUEUE_CODE,
    description: `In queue, ${before} ${before === 1 ? 'task' : 'tasks'} ahead`,
    result: id,
    properties: { numberOfQueues: before },
  };
}

export function succeeded(id: string, description = 'Submit success'): Envelope {
  return { code: mjCodes.success, description, result: id, properties: {} };
}
