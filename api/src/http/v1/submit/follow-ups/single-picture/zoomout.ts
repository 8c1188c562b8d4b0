import { z } from '@hono/zod-openapi';
import { followUpBody, followUpRoute } from '../follow-up-route.ts';

export const addZoomout = followUpRoute({
  type: 'zoomout',
  operationId: 'zoomout',
  summary: 'Zoom out of a single picture',
  schema: followUpBody.extend({
    zoomout: z
      .literal([50, 75])
      .openapi({ type: 'integer', enum: [50, 75] })
      .describe('50 zooms out 2x, 75 zooms out 1.5x'),
  }),
  example: { zoomout: 50 },
  followUp: ({ zoomout }) => ({ type: 'zoomout', zoomout }),
});
