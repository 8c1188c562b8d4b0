import { followUpBody, followUpRoute, indexOfFour } from '../follow-up-route.ts';

export const addUpscale = followUpRoute({
  type: 'upscale',
  operationId: 'upscale',
  summary: 'Take one of the four pictures',
  schema: followUpBody.extend({ index: indexOfFour }),
  example: { index: 2 },
  followUp: ({ index }) => ({ type: 'upscale', index }),
});
