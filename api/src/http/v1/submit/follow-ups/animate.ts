import { z } from '@hono/zod-openapi';
import { followUpBody, followUpRoute } from './follow-up-route.ts';

export const addAnimate = followUpRoute({
  type: 'animate',
  operationId: 'animate',
  summary: 'Make a video of a single picture',
  schema: followUpBody.extend({ motion: z.enum(['high', 'low']).describe('how much moves') }),
  example: { motion: 'low' },
  followUp: ({ motion }) => ({ type: 'animate', motion }),
});
