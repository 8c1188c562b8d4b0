import { createRoute, z } from '@hono/zod-openapi';
import type { Api } from '../app-env.ts';

const route = createRoute({
  method: 'get',
  path: '/healthz',
  operationId: 'getHealth',
  tags: ['Operators'],
  summary: 'Whether the process answers',
  security: [],
  responses: {
    200: {
      description: 'It does',
      content: {
        'application/json': { schema: z.object({ status: z.literal('ok') }), example: { status: 'ok' } },
      },
    },
  },
});

export function addHealth(app: Api): void {
  app.openapi(route, (c) => c.json({ status: 'ok' as const }, 200));
}
