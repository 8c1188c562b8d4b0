import { createRoute, z } from '@hono/zod-openapi';
import type { Dependencies } from '../../../dependencies.ts';
import { findVisibleTask } from '../../../queries/access.ts';
import { readSeed } from '../../../queries/seed.ts';
import type { Api } from '../../app-env.ts';
import { problemsWithKey } from '../../problems/problem-schema.ts';
import { exampleTaskId, taskIdField } from '../fields.ts';
import { notToKeep } from './task-views.ts';

const route = createRoute({
  method: 'get',
  path: '/task/{id}/seed',
  operationId: 'getSeed',
  tags: ['Tasks'],
  summary: "The seed of a task's picture",
  description:
    'Midjourney is asked for it once; then the task has it in `drawn.seed`. Midjourney sends it to the account’s user ' +
    'only, so this needs an account with a user session. Costs no token.',
  request: { params: z.object({ id: taskIdField }) },
  responses: {
    200: {
      description: 'The seed, for `--seed` in a prompt',
      content: {
        'application/json': {
          schema: z.object({ trigger_id: z.string(), seed: z.int() }).openapi('Seed'),
          example: { trigger_id: exampleTaskId, seed: 1_234_567_890 },
        },
      },
    },
    ...problemsWithKey('invalid_request', 'not_found', 'action_unavailable'),
  },
});

export function addSeed(api: Api, deps: Dependencies): void {
  api.openapi(route, async (c) => {
    const task = await findVisibleTask(deps.db, c.get('user'), c.req.valid('param').id);
    return c.json({ trigger_id: task.id, seed: await readSeed(deps, task) }, 200, notToKeep);
  });
}
