import { z } from '@hono/zod-openapi';
import { type Notify, notifyChoices } from '@midjourney-api/shared/tasks/task';
import type { Order } from '../../../commands/submit.ts';
import { hasAtMost } from '../fields.ts';

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
