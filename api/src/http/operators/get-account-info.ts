import { createRoute, z } from '@hono/zod-openapi';
import { type AccountRow, findAccount, listAccounts } from '@midjourney-api/shared/accounts/accounts';
import type { Database } from '@midjourney-api/shared/database/connect';
import { invalidField, Refusal } from '../../commands/refusal.ts';
import type { Dependencies } from '../../dependencies.ts';
import { askAccount } from '../../queries/ask-account.ts';
import type { Api } from '../app-env.ts';
import { requireOperator } from '../auth/operators-only.ts';
import { problemResponses } from '../problems/problem-schema.ts';

const infoSchema = z
  .object({
    account: z.string(),
    subscription: z.string().nullable(),
    mode: z.string().nullable().describe('Fast, Relaxed or Turbo: how it draws what asks for no speed'),
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
  tags: ['Operators'],
  summary: "Midjourney's /info of an account, for operators",
  description:
    "Midjourney shows it to the account's user only: so it needs an account that listens with a session of its user. " +
    'Costs no token.',
  request: {
    query: z.object({
      account: z
        .string()
        .min(1)
        .max(64)
        .optional()
        .openapi({ example: 'default' })
        .describe('its name; may be left out while there is only one'),
    }),
  },
  responses: {
    200: {
      description: 'What Midjourney says of the account',
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
    ...problemResponses(
      'invalid_request',
      'auth_failed',
      'forbidden',
      'not_found',
      'action_unavailable',
      'unavailable',
      'internal',
    ),
  },
});

export function addAccountInfoRoute(api: Api, deps: Dependencies): void {
  api.openapi(route, async (c) => {
    requireOperator(c.get('user'));
    const { name, session, state, enabled } = await chooseAccount(deps.db, c.req.valid('query').account);
    if (session !== 'user') {
      throw new Refusal(
        'action_unavailable',
        `The account "${name}" listens with the session of a bot, which does not see the answer to /info. Let it listen with a session of its user.`,
      );
    }
    if (!enabled || state !== 'ready') {
      const present = enabled ? state : 'disabled';
      throw new Refusal('unavailable', `The account "${name}" is ${present}, so it cannot ask Midjourney.`);
    }
    c.header('Cache-Control', 'private, no-store');
    return c.json({ account: name, ...(await askAccount(deps, name)) }, 200);
  });
}

/** @throws {Refusal} 404 when there is no such account, 400 when there are several and none is named. */
async function chooseAccount(db: Database, name: string | undefined): Promise<AccountRow> {
  const names = name === undefined ? (await listAccounts(db)).map((account) => account.name) : [name];
  const [only = ''] = names;
  if (names.length > 1) {
    const message = `is needed: there are ${names.join(', ')}`;
    throw invalidField('account', message);
  }
  const account = await findAccount(db, only);
  if (!account) throw new Refusal('not_found', `There is no account "${only}"; GET /accounts shows all.`);
  return account;
}
