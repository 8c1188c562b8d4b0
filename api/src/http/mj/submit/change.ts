import { z } from '@hono/zod-openapi';
import type { User } from '@midjourney-api/shared/users/users';
import type { FollowUp } from '../../../commands/follow-ups/follow-up.ts';
import { followUpRequest } from '../../../commands/follow-ups/press-button.ts';
import { invalidField } from '../../../commands/refusal.ts';
import type { TaskRequest } from '../../../commands/requests/task-request.ts';
import { findOwnTask } from '../../../queries/access.ts';
import type { MjContext } from '../mj-route.ts';
import { mjSubmitFields, mjTaskIdField } from './submit-fields.ts';
import { mjSubmit } from './submit-route.ts';

const changes = ['UPSCALE', 'VARIATION', 'REROLL'] as const;
type Change = (typeof changes)[number];

const indexField = z.preprocess((value) => (typeof value === 'string' ? Number(value) : value), z.unknown());

export const addMjChange = mjSubmit({
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
  request: ({ taskId, action, index }, { user }, context) =>
    changeRequest(context, user, taskId, changeOf(action, index)),
});

export const addMjSimpleChange = mjSubmit({
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
  request: ({ content }, { user }, context) => {
    const { taskId, followUp } = readSimpleChange(content);
    return changeRequest(context, user, taskId, followUp);
  },
});

/** @throws {Refusal} `not_found` for a task that is not the user's own; as `followUpRequest`. */
async function changeRequest(
  { db, commands: { preparePrompt } }: MjContext,
  user: User,
  taskId: string,
  followUp: FollowUp,
): Promise<TaskRequest> {
  await findOwnTask(db, user, taskId);
  return followUpRequest({ db, preparePrompt }, user, { taskId }, followUp);
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
