import { z } from '@hono/zod-openapi';
import { motions } from '@midjourney-api/shared/midjourney/custom-id';
import { formTextField } from '../../fields.ts';
import { followUpBody } from './follow-up-route.ts';

/** The body of a follow-up that makes videos, of a picture or of another video. */
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
