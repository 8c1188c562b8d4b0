import { followUpBody, followUpRoute, ignoredIndex } from '../follow-up-route.ts';

export const addSoloLowVariation = followUpRoute({
  type: 'solo_low_variation',
  operationId: 'soloLowVariation',
  summary: 'Draw subtle variations of a single picture',
  schema: followUpBody.extend({ index: ignoredIndex }),
  followUp: () => ({ type: 'solo_low_variation' }),
});
