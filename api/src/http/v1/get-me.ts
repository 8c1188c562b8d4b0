import { createRoute, z } from '@hono/zod-openapi';
import { getUser } from '@midjourney-api/shared/users/users';
import type { Dependencies } from '../../dependencies.ts';
import type { Api } from '../app-env.ts';
import { problemsWithKey } from '../problems/problem-schema.ts';

const route = createRoute({
  method: 'get',
  path: '/me',
  operationId: 'getMe',
  tags: ['Account'],
  summary: 'Whose key this is, and how many tokens are left',
  responses: {
    200: {
      description: 'The user',
      content: {
        'application/json': {
          schema: z
            .object({
              user_name: z.string(),
              token_total: z.int(),
              token_use: z.int().describe('tokens of open and of succeeded tasks'),
              token_left: z.int(),
            })
            .openapi('Me'),
          example: { user_name: 'demo', token_total: 100, token_use: 3, token_left: 97 },
        },
      },
    },
    ...problemsWithKey(),
  },
});

export function addGetMe(api: Api, { db }: Pick<Dependencies, 'db'>): void {
  api.openapi(route, async (c) => {
    // As it is now: the cached user of the key may be half a second old.
    const { userName, tokenTotal, tokenUse } = await getUser(db, c.get('user').userName);
    c.header('Cache-Control', 'private, no-store');
    return c.json(
      {
        user_name: userName,
        token_total: tokenTotal,
        token_use: tokenUse,
        // The operator may lower the total below what is used.
        token_left: Math.max(0, tokenTotal - tokenUse),
      },
      200,
    );
  });
}
