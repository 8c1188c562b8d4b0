import { z } from '@hono/zod-openapi';
import { motions } from '@midjourney-api/shared/midjourney/custom-id';
import { formTextField } from '../../fields.ts';
import { followUpBody } from './follow-up-route.ts';

/** The body of a follow-up that makes videos, of a picture or of another video. */
export const motionBody = followUpBody.extend({
  motion: z.enum(motions).describe('how much moves in the video'),
  prompt: formTextField.describe(
    'another prompt, for the form that Midjourney opens in remix mode; needs an account with a user session',
  ),
});

export function motionForm({ prompt }: z.output<typeof motionBody>) {
  return prompt == null ? undefined : { text: prompt };
}
