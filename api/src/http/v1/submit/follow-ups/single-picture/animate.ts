import { z } from '@hono/zod-openapi';
import { motions } from '@midjourney-api/shared/midjourney/custom-id';
import { formTextField } from '../../../fields.ts';
import { followUpBody, followUpRoute } from '../follow-up-route.ts';

/** What a video is made with, from a picture or from another video. */
export const motionBody = followUpBody.extend({
  motion: z.enum(motions).describe('how much moves'),
  prompt: formTextField.describe(
    'another prompt, written into the form that Midjourney opens in remix mode; only with an account that listens with ' +
      'a session of its user',
  ),
});

export function motionForm({ prompt }: z.output<typeof motionBody>) {
  return prompt == null ? undefined : { text: prompt };
}

export const addAnimate = followUpRoute({
  type: 'animate',
  operationId: 'animate',
  summary: 'Make videos of a single picture',
  schema: motionBody,
  example: { motion: 'low' },
  problems: ['banned_prompt'],
  followUp: ({ motion }) => ({ type: 'animate', motion }),
  form: motionForm,
});
