import { z } from '@hono/zod-openapi';
import { followUpBody, followUpRoute } from '../follow-up-route.ts';

export const addMaxUpscale = followUpRoute({
  type: 'max_upscale',
  operationId: 'maxUpscale',
  summary: 'Enlarge a single picture',
  schema: followUpBody.extend({
    style: z
      .enum(['subtle', 'creative'])
      .describe('of the upscaler; version 5 enlarges two or four times instead, older ones in one way'),
  }),
  example: { style: 'subtle' },
  followUp: ({ style }) => ({ type: 'max_upscale', style }),
});
