import { followUpBody, followUpRoute, ignoredIndex } from '../follow-up-route.ts';

export const addSoloHighVariation = followUpRoute({
  type: 'solo_high_variation',
  operationId: 'soloHighVariation',
  summary: 'Draw strong variations of a single picture',
  schema: followUpBody.extend({ index: ignoredIndex }),
  followUp: () => ({ type: 'solo_high_variation' }),
});
