import { createRoute, z } from '@hono/zod-openapi';
import type { LogOutput } from '@midjourney-api/shared/logging/log-output';
import { sql } from 'drizzle-orm';
import { Refusal } from '../../commands/refusal.ts';
import type { Dependencies } from '../../dependencies.ts';
import { withTimeLimit } from '../../time-limit.ts';
import type { Api } from '../app-env.ts';
import { problemResponses } from '../problems/problem-schema.ts';

const checkLimitMs = 1_000;

const check = z.enum(['ok', 'down']);
const route = createRoute({
  method: 'get',
  path: '/readyz',
  operationId: 'getReadiness',
  tags: ['Operators'],
  summary: 'Whether MySQL and Redis can be reached',
  description: 'When one cannot, the answer names it in `detail` and `checks`.',
  security: [],
  responses: {
    200: {
      description: 'Both can',
      content: {
        'application/json': {
          schema: z.object({
            status: z.literal('ok'),
            checks: z.object({ mysql: check, redis: check }),
            warnings: z.array(z.string()).optional().describe('what an operator should put right soon'),
            log_lines_lost: z.int().optional().describe('since this process started, where there are any'),
          }),
          example: { status: 'ok', checks: { mysql: 'ok', redis: 'ok' } },
        },
      },
    },
    ...problemResponses('unavailable'),
  },
});

export function addReady(app: Api, { db, redis, logOutput }: Dependencies): void {
  app.openapi(route, async (c) => {
    const [mysqlUp, redisUp] = await Promise.all([
      isUp(() => db.execute(sql`select 1`)),
      isUp(() => redis.ping()),
    ]);
    const checks = { mysql: stateOf(mysqlUp), redis: stateOf(redisUp) };
    if (mysqlUp && redisUp) {
      return c.json({ status: 'ok' as const, checks, ...logTrouble(logOutput) }, 200);
    }
    const down = [...(mysqlUp ? [] : ['MySQL']), ...(redisUp ? [] : ['Redis'])].join(' and ');
    throw new Refusal('unavailable', `${down} cannot be reached.`, { members: { checks } });
  });
}

/** A log that cannot be written is no reason to send nobody here any longer. */
function logTrouble(logOutput: LogOutput | undefined) {
  const { lostLines, failing } = logOutput?.state() ?? { lostLines: 0 };
  return {
    ...(failing && { warnings: [`The log cannot be written (${failing}). Make room where the logs are.`] }),
    ...(lostLines > 0 && { log_lines_lost: lostLines }),
  };
}

async function isUp(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await withTimeLimit(ask(), checkLimitMs);
    return true;
  } catch {
    return false;
  }
}

function stateOf(up: boolean): z.infer<typeof check> {
  return up ? 'ok' : 'down';
}
