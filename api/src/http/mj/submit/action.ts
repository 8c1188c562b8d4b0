import { z } from '@hono/zod-openapi';
import { type Press, parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import type { Context } from 'hono';
import { drawAllPrompts } from '../../../commands/follow-ups/draw-all-prompts.ts';
import { type FinishedParent, findFinishedParent, unavailable } from '../../../commands/follow-ups/parent.ts';
import { pressRequest } from '../../../commands/follow-ups/press-request.ts';
import { takesPrompt } from '../../../commands/follow-ups/pressable.ts';
import { openWindow } from '../../../commands/windows/open-window.ts';
import { noSuchTask } from '../../../queries/access.ts';
import type { AppEnv } from '../../app-env.ts';
import { envelopeSchema, mjCodes, mjJson, mjSentence } from '../answer.ts';
import { buttonLike } from '../button-like.ts';
import { type MjContext, mjPost } from '../mj-route.ts';
import { type MjSubmitBody, mjSubmitFields, mjTaskIdField } from './submit-fields.ts';
import { submitPress } from './submit-press.ts';
import { envelopeExample, hookOf, succeeded } from './submit-route.ts';

export const addMjAction = mjPost({
  path: '/submit/action',
  operationId: 'mjAction',
  summary: 'Press a button of a task',
  description:
    'Custom zooms, regions and the numbers of prompts are answered with 21: a window is open, which ' +
    '`submit/modal` submits under the same id, and nothing is charged before. So are variations, rerolls, pans and ' +
    'videos where `enableRemix` asks for it and the account is in remix mode.',
  schema: z
    .object({
      taskId: mjTaskIdField.describe('the task with the button'),
      customId: z
        .string()
        .openapi({ example: 'MJ::JOB::upsample::2::2f0c8a5e-0000-4000-8000-000000000001' })
        .describe('of one of its `buttons`, or built like it: its uuid does not matter'),
      enableRemix: z
        .unknown()
        .optional()
        .openapi({ type: 'boolean' })
        .describe('as `accountFilter.remix`: another prompt is wanted'),
      ...mjSubmitFields,
    })
    .openapi('MjAction'),
  example: {
    taskId: '1767323045678400',
    customId: 'MJ::JOB::upsample::2::2f0c8a5e-0000-4000-8000-000000000001',
  },
  answer: { schema: envelopeSchema, example: envelopeExample },
  handle: async (c, body, context) => {
    const { db, commands } = context;
    const { taskId } = body;
    const user = c.get('user');
    const parent = await findFinishedParent(db, user.id, { taskId });
    if (!parent) throw noSuchTask(taskId);

    const press = parseCustomId(body.customId);
    if (press.kind === 'favourite')
      return mjJson(c, succeeded(parent.task.id, 'Favourites draw nothing: there is nothing to wait for.'));
    if (press.kind === 'all_prompts') return drawAll(c, context, body, parent);

    const button = buttonLike(parent.buttons, body.customId);
    if (!button) throw unavailable(parent, `has no button "${body.customId}"`);
    const asked = body.enableRemix === true || body.accountFilter?.remix === true;
    if (opensWindow(parseCustomId(button.custom_id), asked, parent)) {
      const order = { user, state: body.state, hook: hookOf(context, body) };
      const window = await openWindow(context, order, parent, button);
      return mjJson(c, {
        code: mjCodes.window,
        description: 'Waiting for window confirm',
        result: window.id,
        properties: { finalPrompt: window.prompt, remix: true },
      });
    }
    return submitPress(c, context, body, { parent, button }, () =>
      pressRequest({ ...commands, db }, user, { parent: { taskId }, button: { customId: button.custom_id } }),
    );
  },
});

/** Buttons of which clients know that they open a window, and all others with a form where it is asked for. */
function opensWindow(press: Press, asked: boolean, { account }: FinishedParent): boolean {
  const always = press.kind === 'custom_zoom' || press.kind === 'region' || 'number' in press;
  return always || (asked && takesPrompt(press, account));
}

async function drawAll(
  c: Context<AppEnv>,
  context: MjContext,
  body: MjSubmitBody & { taskId: string },
  { buttons }: FinishedParent,
): Promise<Response> {
  const { db, commands } = context;
  const { taskIds, refusal } = await drawAllPrompts(
    { ...commands, db },
    {
      taskId: body.taskId,
      user: c.get('user'),
      requestId: c.get('requestId'),
      state: body.state,
      hook: hookOf(context, body),
    },
  );
  const all = buttons.filter(({ custom_id }) => 'number' in parseCustomId(custom_id)).length;
  const description = refusal && `${taskIds.length} of ${all} prompts were submitted: ${mjSentence(refusal)}`;
  return mjJson(c, succeeded(taskIds.join(','), description));
}
