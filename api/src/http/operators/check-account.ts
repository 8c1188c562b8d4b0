import { createRoute, z } from '@hono/zod-openapi';
import { accountChecks } from '@midjourney-api/shared/doctor/account-checks';
import { findingStatuses, hasProblem } from '@midjourney-api/shared/doctor/finding';
import type { Dependencies } from '../../dependencies.ts';
import { requireOperator } from '../../queries/access.ts';
import { checkAccount } from '../../queries/check-account.ts';
import type { Api } from '../app-env.ts';
import { problemsWithKey } from '../problems/problem-schema.ts';
import { accountNameField } from '../v1/fields.ts';

const findingSchema = z
  .object({
    check: z.enum(accountChecks),
    status: z.enum(findingStatuses).describe('`skipped`: it could not be checked, and the message says why'),
    message: z.string(),
    todo: z.string().nullable().describe('what to do about it'),
  })
  .openapi('Finding');

const route = createRoute({
  method: 'get',
  path: '/accounts/{name}/check',
  operationId: 'checkAccount',
  tags: ['Operators'],
  summary: 'What is, or soon will be, wrong with an account, for operators',
  description:
    "The account's worker checks it at Discord: with one call by the user's token where the account has a bot, else " +
    'with four, and with /info and /settings where the user listens. Costs no token.',
  request: { params: z.object({ name: accountNameField.openapi({ example: 'default' }) }) },
  responses: {
    200: {
      description: 'The findings, with what to do; `ok` is true when none of them is a problem',
      content: {
        'application/json': {
          schema: z
            .object({ account: z.string(), ok: z.boolean(), findings: z.array(findingSchema) })
            .openapi('AccountCheck'),
          example: {
            account: 'default',
            ok: false,
            findings: [
              { check: 'user_token', status: 'ok', message: "Discord accepts the user's token.", todo: null },
              {
                check: 'slow_mode',
                status: 'problem',
                message:
                  'The channel is in slow mode: 10 seconds between two commands. Midjourney’s answers in between are private, and the bot does not see them.',
                todo: 'Switch slow mode off in the channel’s settings, or give the user Bypass Slowmode.',
              },
            ],
          },
        },
      },
    },
    ...problemsWithKey('forbidden', 'not_found'),
  },
});

export function addCheckAccount(api: Api, deps: Dependencies): void {
  api.openapi(route, async (c) => {
    requireOperator(c.get('user'));
    const { name: account } = c.req.valid('param');
    c.header('Cache-Control', 'private, no-store');
    const findings = await checkAccount(deps, account);
    return c.json({ account, ok: !hasProblem(findings), findings }, 200);
  });
}
