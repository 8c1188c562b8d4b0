import { z } from '@hono/zod-openapi';
import { panDirections } from '@midjourney-api/shared/tasks/task';
import { followUpBody, followUpRoute } from '../follow-up-route.ts';

export const addExpand = followUpRoute({
  type: 'expand',
  operationId: 'expand',
  summary: 'Continue a single picture to one side',
  schema: followUpBody.extend({ direction: z.enum(panDirections) }),
  example: { direction: 'left' },
  followUp: ({ direction }) => ({ type: 'expand', direction }),
});
