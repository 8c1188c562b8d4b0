import { followUpBody, followUpRoute, ignoredIndex } from '../follow-up-route.ts';

export const addSoloVariation = followUpRoute({
  type: 'solo_variation',
  operationId: 'soloVariation',
  summary: 'Draw variations of a single picture',
  schema: followUpBody.extend({ index: ignoredIndex }),
  followUp: () => ({ type: 'solo_variation' }),
});
