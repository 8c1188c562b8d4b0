import { z } from '@hono/zod-openapi';
import { Refusal } from '../../../commands/refusal.ts';
import { mjJson } from '../answer.ts';
import { mjGet } from '../mj-route.ts';
import { mjAccountExample, mjAccountSchema, readMjAccounts } from './account-views.ts';

export const addMjListAccounts = mjGet({
  path: '/account/list',
  operationId: 'mjListAccounts',
  summary: 'The Midjourney accounts: all as one, but to operators',
  answer: { schema: z.array(mjAccountSchema), example: [mjAccountExample] },
  handle: async (c, context) => mjJson(c, await readMjAccounts(context, c.get('user'))),
});

export const addMjFetchAccount = mjGet({
  path: '/account/{id}/fetch',
  operationId: 'mjFetchAccount',
  summary: 'One of them',
  params: z.object({ id: z.string() }),
  answer: { schema: mjAccountSchema, example: mjAccountExample },
  handle: async (c, context) => {
    const accounts = await readMjAccounts(context, c.get('user'));
    const found = accounts.find(({ id }) => id === c.req.param('id'));
    if (!found) throw new Refusal('not_found', 'There is no such account; /mj/account/list shows all.');
    return mjJson(c, found);
  },
});
