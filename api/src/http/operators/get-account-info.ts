import { createRoute, z } from '@hono/zod-openapi';
import type { Dependencies } from '../../dependencies.ts';
import { requireOperator } from '../../queries/access.ts';
import { readAccountInfo } from '../../queries/account-info.ts';
import type { Api } from '../app-env.ts';
import { problemsWithKey } from '../problems/problem-schema.ts';
import { accountNameField } from '../v1/fields.ts';

const infoSchema = z
  .object({
    account: z.string(),
    subscription: z.string().nullable(),
    mode: z
      .string()
      .nullable()
      .describe('Fast, Relaxed or Turbo: how it draws prompts that ask for no speed'),
    fast_hours_left: z.number().nullable(),
    fast_hours_total: z.number().nullable(),
    queued: z
      .object({ fast: z.int().nullable(), relax: z.int().nullable() })
      .describe('jobs that wait at Midjourney'),
    running: z.int().nullable(),
    fields: z.record(z.string(), z.string()).describe("every line of the answer, in Midjourney's words"),
  })
  .openapi('AccountInfo');

const route = createRoute({
  method: 'get',
  path: '/account/info',
  operationId: 'getAccountInfo',
  tags: ['Operators'],
  summary: "Midjourney's /info of an account, for operators",
  description:
    "Midjourney shows it to the account's user only, so this needs an account with a user session. Costs no token.",
  request: {
    query: z.object({
      account: accountNameField
        .optional()
        .openapi({ example: 'default' })
        .describe('its name; may be left out while there is only one'),
    }),
  },
  responses: {
    200: {
      description: 'What Midjourney says about the account',
      content: {
        'application/json': {
          schema: infoSchema,
          example: {
            account: 'default',
            subscription: 'Standard (Active monthly)',
            mode: 'Fast',
            fast_hours_left: 14.23,
            fast_hours_total: 15,
            queued: { fast: 0, relax: 0 },
            running: 2,
            fields: { 'Job Mode': 'Fast', 'Lifetime Usage': '46 images (0.77 hours)' },
          },
        },
      },
    },
    ...problemsWithKey('invalid_request', 'forbidden', 'not_found', 'action_unavailable'),
  },
});

export function addGetAccountInfo(api: Api, deps: Dependencies): void {
  api.openapi(route, async (c) => {
    requireOperator(c.get('user'));
    c.header('Cache-Control', 'private, no-store');
    return c.json(await readAccountInfo(deps, c.req.valid('query').account), 200);
  });
}
