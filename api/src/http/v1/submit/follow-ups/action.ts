import { z } from '@hono/zod-openapi';
import type { FormText } from '../../../../commands/follow-ups/press-on-parent.ts';
import { type NamedButton, pressRequest } from '../../../../commands/follow-ups/press-request.ts';
import type { PromptFields } from '../../../../commands/prompts/prompt-fields.ts';
import { invalidField, Refusal } from '../../../../commands/refusal.ts';
import { exampleHash, exampleTaskId, formTextField, paramsField } from '../../fields.ts';
import { submitFields } from '../submit-fields.ts';
import { costsOneToken, submitRoute } from '../submit-route.ts';
import { followUpProblems, namedParent, parentFields } from './follow-up-route.ts';

export const addAction = submitRoute({
  path: '/action',
  operationId: 'action',
  triggerType: 'action',
  summary: 'Press any button that a task shows',
  description:
    'Including those under the prompts of a describe or shorten, which draw one of the prompts. ' +
    'A button that draws nothing, such as marking a favourite, or that needs more than a prompt, such as varying a ' +
    `region, is refused with 409. ${costsOneToken}`,
  hasParent: true,
  schema: z
    .strictObject({
      ...parentFields,
      custom_id: z
        .string()
        .min(1)
        .max(100)
        .nullish()
        .openapi({ example: `MJ::JOB::pan_left::1::${exampleHash}::SOLO` })
        .describe('the `custom_id` of one of the `buttons` of the task'),
      label: z
        .string()
        .min(1)
        .max(80)
        .nullish()
        .openapi({ example: 'Vary (Subtle)' })
        .describe('the label of the button, instead of its `custom_id`'),
      prompt: formTextField.describe(
        'for a button that opens a form: Custom Zoom, or, in remix mode, variations, pans, reroll and videos. When left ' +
          'out, the form is sent as Midjourney proposes it. Needs an account with a user session, except for the prompts ' +
          'of a describe or shorten',
      ),
      params: paramsField,
      ...submitFields,
    })
    .openapi('Action'),
  examples: {
    label: { value: { trigger_id: exampleTaskId, label: 'Upscale (Subtle)' } },
    custom_id: {
      value: { trigger_id: exampleTaskId, custom_id: `MJ::JOB::pan_left::1::${exampleHash}::SOLO` },
    },
    prompt: {
      value: { trigger_id: exampleTaskId, label: 'Custom Zoom', prompt: 'a framed picture --zoom 2' },
    },
  },
  problems: [...followUpProblems, 'banned_prompt'],
  request: (body, user, { db, commands: { preparePrompt } }) =>
    pressRequest({ db, preparePrompt }, user, {
      parent: namedParent(body),
      button: namedButton(body),
      form: formText(body),
    }),
});

function formText({
  prompt: text,
  params,
}: {
  prompt?: string | null | undefined;
  params?: PromptFields | null | undefined;
}): FormText | undefined {
  if (text != null) return { text, params };
  if (params) throw invalidField('params', 'needs a prompt beside it');
  return undefined;
}

export function namedButton(body: {
  custom_id?: string | null | undefined;
  label?: string | null | undefined;
}): NamedButton {
  const { custom_id: customId, label } = body;
  if (customId && !label) return { customId };
  if (label && !customId) return { label };
  const errors = [{ path: 'custom_id', message: 'or label, one of the two, must say which button' }];
  throw new Refusal('invalid_request', 'Say which button by its custom_id or by its label, not both.', {
    errors,
  });
}
