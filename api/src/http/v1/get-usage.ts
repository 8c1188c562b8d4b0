import { createRoute, z } from '@hono/zod-openapi';
import { triggerTypes } from '@midjourney-api/shared/tasks/task';
import { readUsage } from '@midjourney-api/shared/tokens/usage';
import { Refusal } from '../../commands/refusal.ts';
import type { Dependencies } from '../../dependencies.ts';
import { userToShow } from '../../queries/access.ts';
import type { Api } from '../app-env.ts';
import { problemsWithKey } from '../problems/problem-schema.ts';

const day = z.iso.date('must be a day as YYYY-MM-DD').optional();
const counts = {
  reserved: z.int(),
  spent: z.int().describe('tokens of tasks that succeeded'),
  returned: z.int().describe('tokens of tasks that failed'),
};

const route = createRoute({
  method: 'get',
  path: '/usage',
  operationId: 'getUsage',
  tags: ['Account'],
  summary: 'What your tokens were used for; for operators, everybody’s',
  description:
    'By day or month (UTC) and kind of task. It comes from the ledger, so it stays right when old tasks are deleted. A ' +
    'token counts on the day on which it was reserved, spent or returned.',
  request: {
    query: z.object({
      from: day
        .describe('the first day; the first of this month when left out')
        .openapi({ example: '2026-11-01' }),
      to: day.describe('the last day; today when left out').openapi({ example: '2026-11-30' }),
      by: z.enum(['day', 'month']).default('month'),
      user: z.string().max(64).optional().describe('operators: the name of a user'),
    }),
  },
  responses: {
    200: {
      description: 'One row for each period, user and kind of task in which a token moved, and their sum',
      content: {
        'application/json': {
          schema: z
            .object({
              data: z.array(
                z.object({
                  period: z.string().describe('YYYY-MM-DD or YYYY-MM'),
                  user_name: z.string().nullable().describe('null: the user is deleted'),
                  trigger_type: z.enum(triggerTypes),
                  ...counts,
                }),
              ),
              total: z.object(counts),
            })
            .openapi('Usage'),
          example: {
            data: [
              {
                period: '2026-11',
                user_name: 'demo',
                trigger_type: 'generate',
                reserved: 120,
                spent: 111,
                returned: 8,
              },
            ],
            total: { reserved: 120, spent: 111, returned: 8 },
          },
        },
      },
    },
    ...problemsWithKey('invalid_request', 'forbidden', 'not_found'),
  },
});

export function addGetUsage(api: Api, { db, clock }: Dependencies): void {
  api.openapi(route, async (c) => {
    const caller = c.get('user');
    const { by, user, ...given } = c.req.valid('query');
    const today = clock().toISOString().slice(0, 10);
    const { from = `${today.slice(0, 7)}-01`, to = today } = given;
    if (from > to) throw new Refusal('invalid_request', `from: must not be after ${to}, the last day.`);
    const userId = await userToShow(db, caller, user);
    const usage = await readUsage(db, { userId, from, to, by });
    const data = usage.map(({ period, userName, triggerType, reserved, spent, returned }) => ({
      period,
      user_name: userName,
      trigger_type: triggerType,
      reserved,
      spent,
      returned,
    }));
    const sumOf = (column: 'reserved' | 'spent' | 'returned') =>
      data.reduce((sum, row) => sum + row[column], 0);
    const total = { reserved: sumOf('reserved'), spent: sumOf('spent'), returned: sumOf('returned') };
    c.header('Cache-Control', 'private, no-store');
    return c.json({ data, total }, 200);
  });
}
