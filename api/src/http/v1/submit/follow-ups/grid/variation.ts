import { followUpBody, followUpRoute, indexOfFour } from '../follow-up-route.ts';

export const addVariation = followUpRoute({
  type: 'variation',
  operationId: 'variation',
  summary: 'Draw four variations of one of the four pictures',
  schema: followUpBody.extend({ index: indexOfFour }),
  example: { index: 2 },
  followUp: ({ index }) => ({ type: 'variation', index }),
});
