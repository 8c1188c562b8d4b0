import { followUpBody, followUpRoute } from '../follow-up-route.ts';

export const addReset = followUpRoute({
  type: 'reset',
  operationId: 'reset',
  summary: "Draw the four again (Midjourney's reroll)",
  schema: followUpBody,
  followUp: () => ({ type: 'reset' }),
});
