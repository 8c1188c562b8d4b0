import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type FollowUp, findButton } from '../../../commands/follow-ups/follow-up.ts';
import { followUpRequest } from '../../../commands/follow-ups/follow-up-request.ts';
import { findFinishedParent, unavailable } from '../../../commands/follow-ups/parent.ts';
import { invalidField } from '../../../commands/refusal.ts';
import { noSuchTask } from '../../../queries/access.ts';
import type { AppEnv } from '../../app-env.ts';
import { envelopeSchema } from '../answer.ts';
import { type MjContext, mjPost } from '../mj-route.ts';
import { type MjSubmitBody, mjSubmitFields, mjTaskIdField } from './submit-fields.ts';
import { submitPress } from './submit-press.ts';
import { envelopeExample } from './submit-route.ts';

const changes = ['UPSCALE', 'VARIATION', 'REROLL'] as const;
type Change = (typeof changes)[number];

const indexField = z.preprocess((value) => (typeof value === 'string' ? Number(value) : value), z.unknown());

export const addMjChange = mjPost({
  path: '/submit/change',
  operationId: 'mjChange',
  summary: 'Pick one of four pictures, vary one, or draw the four again',
  schema: z
    .object({
      taskId: mjTaskIdField.describe('the task with the four'),
      action: z.enum(changes),
      index: indexField
        .optional()
        .openapi({ type: 'integer', minimum: 1, maximum: 4 })
        .describe('which of the four; ignored for REROLL'),
      ...mjSubmitFields,
    })
    .openapi('MjChange'),
  example: { taskId: '1767323045678400', action: 'UPSCALE', index: 2 },
  answer: { schema: envelopeSchema, example: envelopeExample },
  handle: (c, body, context) =>
    submitChange(c, context, body, body.taskId, changeOf(body.action, body.index)),
});

export const addMjSimpleChange = mjPost({
  path: '/submit/simple-change',
  operationId: 'mjSimpleChange',
  summary: 'The same in one line',
  schema: z
    .object({
      content: z.string().describe('the id of the task, and U1 to U4, V1 to V4 or R'),
      ...mjSubmitFields,
    })
    .openapi('MjSimpleChange'),
  example: { content: '1767323045678400 U2' },
  answer: { schema: envelopeSchema, example: envelopeExample },
  handle: (c, body, context) => {
    const { taskId, followUp } = readSimpleChange(body.content);
    return submitChange(c, context, body, taskId, followUp);
  },
});

/** @throws {Refusal} `not_found` for a task that is not the user's own; as `followUpRequest`. */
async function submitChange(
  c: Context<AppEnv>,
  context: MjContext,
  body: MjSubmitBody,
  taskId: string,
  followUp: FollowUp,
): Promise<Response> {
  const { db, commands } = context;
  const user = c.get('user');
  const parent = await findFinishedParent(db, user.id, { taskId });
  if (!parent) throw noSuchTask(taskId);
  const button = findButton(parent.buttons, followUp);
  if (!button) throw unavailable(parent, `has no button for "${followUp.type}"`);
  return submitPress(c, context, body, { parent, button }, () =>
    followUpRequest({ ...commands, db }, user, { parent: { taskId }, followUp }),
  );
}

/** @throws {Refusal} `invalid_request` where the index is none of the four. */
function changeOf(action: Change, index: unknown): FollowUp {
  if (action === 'REROLL') return { type: 'reset' };
  if (index !== 1 && index !== 2 && index !== 3 && index !== 4) throw invalidField('index', 'must be 1 to 4');
  return { type: action === 'UPSCALE' ? 'upscale' : 'variation', index };
}

const simpleChanges: Record<string, Change> = { u: 'UPSCALE', v: 'VARIATION', r: 'REROLL' };

/** @throws {Refusal} `invalid_request` for what is not a task's id, a space, and what to do. */
function readSimpleChange(content: string): { taskId: string; followUp: FollowUp } {
  const [, taskId, letter = '', digit] = /^(\S+) (?:([uv])([1-4])\S*|r)$/i.exec(content.trim()) ?? [];
  const action = simpleChanges[letter.toLowerCase() || 'r'];
  if (taskId === undefined || action === undefined) {
    throw invalidField('content', 'must be the id of a task, a space, and U1 to U4, V1 to V4 or R');
  }
  return { taskId, followUp: changeOf(action, digit === undefined ? undefined : Number(digit)) };
}
