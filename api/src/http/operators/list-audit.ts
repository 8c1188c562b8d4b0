import { createRoute, z } from '@hono/zod-openapi';
import { listAudit } from '@midjourney-api/shared/audit/audit';
import { auditActions } from '@midjourney-api/shared/audit/audit-actions';
import type { Dependencies } from '../../dependencies.ts';
import { requireOperator } from '../../queries/access.ts';
import type { Api } from '../app-env.ts';
import { problemsWithKey } from '../problems/problem-schema.ts';

const route = createRoute({
  method: 'get',
  path: '/audit',
  operationId: 'listAudit',
  tags: ['Operators'],
  summary: 'What operators changed, the newest first, for operators',
  request: {
    query: z.object({
      actor: z.string().max(128).optional().describe('`shell:` and a name, or the name of a user'),
      target: z.string().max(64).optional().describe('a user, an account or the id of a task'),
      limit: z.coerce.number().int().min(1).max(100).default(20),
      cursor: z.coerce.number().int().min(1).optional().describe('next_cursor of the page before'),
    }),
  },
  responses: {
    200: {
      description: 'A page of changes',
      content: {
        'application/json': {
          schema: z
            .object({
              data: z.array(
                z.object({
                  at: z.iso.datetime({ precision: 3 }),
                  actor: z.string(),
                  action: z.enum(auditActions),
                  target: z.string(),
                  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
                  request_id: z.string().optional().describe('of a change over HTTP'),
                }),
              ),
              next_cursor: z.string().nullable().describe('null on the last page'),
            })
            .openapi('Audit'),
          example: {
            data: [
              {
                at: '2026-11-03T09:12:44.120Z',
                actor: 'shell:maria',
                action: 'users.add-tokens',
                target: 'alice',
                detail: { added: 500, note: 'order 4711' },
              },
            ],
            next_cursor: '1289',
          },
        },
      },
    },
    ...problemsWithKey('invalid_request', 'forbidden'),
  },
});

export function addListAudit(api: Api, { db }: Pick<Dependencies, 'db'>): void {
  api.openapi(route, async (c) => {
    requireOperator(c.get('user'));
    const { actor, target, limit, cursor } = c.req.valid('query');
    const found = await listAudit(db, { actor, target, before: cursor, limit: limit + 1 });
    const page = found.slice(0, limit);
    const data = page.map((entry) => ({
      at: entry.at.toISOString(),
      actor: entry.actor,
      action: entry.action,
      target: entry.target,
      detail: entry.detail ?? {},
      ...(entry.requestId !== null && { request_id: entry.requestId }),
    }));
    const last = page.at(-1);
    const nextCursor = last && found.length > limit ? String(last.id) : null;
    c.header('Cache-Control', 'private, no-store');
    return c.json({ data, next_cursor: nextCursor }, 200);
  });
}
