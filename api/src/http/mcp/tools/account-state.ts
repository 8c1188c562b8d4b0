import { z } from '@hono/zod-openapi';
import { listAccounts } from '@midjourney-api/shared/accounts/accounts';
import { textBlock, tool } from '../tool.ts';

export const addAccountState = tool({
  name: 'account_state',
  title: 'State of the accounts',
  description: 'The Midjourney accounts: whether each can draw, why not, and what a person has to do.',
  readOnly: true,
  forOperators: true,
  schema: z.strictObject({}),
  run: async (_args, { mcp: { db, clock } }) => ({
    content: [textBlock(JSON.stringify({ data: await listAccounts(db, clock()) }))],
  }),
});
