import { z } from '@hono/zod-openapi';
import { type Notify, notifyChoices } from '@midjourney-api/shared/tasks/task';
import type { Order } from '../../../commands/submit.ts';
import { hasAtMost } from '../fields.ts';

const longestState = 1_024;

/** The fields that every submit takes. */
export const submitFields = {
  state: z
    .string()
    .refine(hasAtMost(longestState), `must have at most ${longestState} characters`)
    .nullish()
    .openapi({ type: ['string', 'null'], maxLength: longestState })
    .describe('your own text, returned unchanged with the task'),
  notify_hook: z
    // Commands check the rest, which depends on ALLOW_PRIVATE_HOOKS.
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
      'https URL to which every change of the task is posted, in order; the webhook `task` describes the body. ' +
        'Signed by Standard Webhooks (https://www.standardwebhooks.com) with your secret, which the operator gives you. ' +
        'It must lead to a public address and answer with 2xx within 10 seconds. Any other answer is retried with growing ' +
        'delays for 24 hours, except 410, after which the task posts no more. Redirects are not followed.',
    ),
  notify: z
    .enum(notifyChoices)
    .nullish()
    .openapi({ type: ['string', 'null'], enum: [...notifyChoices, null] })
    .describe(
      'which changes are posted to `notify_hook`: `all`, also when left out, or `final`: the end and what comes after it',
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
