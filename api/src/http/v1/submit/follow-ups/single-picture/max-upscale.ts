import { z } from '@hono/zod-openapi';
import { followUpBody, followUpRoute } from '../follow-up-route.ts';

export const addMaxUpscale = followUpRoute({
  type: 'max_upscale',
  operationId: 'maxUpscale',
  summary: 'Enlarge a single picture',
  schema: followUpBody.extend({
    style: z
      .enum(['subtle', 'creative'])
      .describe('the upscaler; version 5 has 2x and 4x instead, older versions a single one'),
  }),
  example: { style: 'subtle' },
  followUp: ({ style }) => ({ type: 'max_upscale', style }),
});
