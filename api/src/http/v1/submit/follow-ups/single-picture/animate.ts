import { followUpRoute } from '../follow-up-route.ts';
import { motionBody, motionForm } from '../motion-body.ts';

export const addAnimate = followUpRoute({
  type: 'animate',
  operationId: 'animate',
  summary: 'Make videos of a single picture',
  schema: motionBody,
  example: { motion: 'low' },
  problems: ['banned_prompt'],
  followUp: ({ motion }) => ({ type: 'animate', motion }),
  form: motionForm,
});
