import { z } from '@hono/zod-openapi';
import { findOwnTask } from '../../../queries/access.ts';
import { readSeed } from '../../../queries/seed.ts';
import { taskIdField } from '../../v1/fields.ts';
import { envelopeSchema, mjCodes, mjJson } from '../answer.ts';
import { mjGet } from '../mj-route.ts';

export const addMjImageSeed = mjGet({
  path: '/task/{id}/image-seed',
  operationId: 'mjImageSeed',
  summary: "The seed of a task's picture",
  description:
    'Midjourney sends it to the account’s user only, so this needs an account that listens with a session of its user. Costs no token.',
  params: z.object({ id: taskIdField }),
  answer: {
    schema: envelopeSchema,
    example: { code: mjCodes.success, description: 'success', result: '1234567890', properties: {} },
  },
  handle: async (c, context) => {
    const task = await findOwnTask(context.db, c.get('user'), c.req.param('id') ?? '');
    const result = String(await readSeed(context, task));
    return mjJson(c, { code: mjCodes.success, description: 'success', result, properties: {} });
  },
});
