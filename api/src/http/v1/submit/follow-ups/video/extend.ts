import { followUpRoute } from '../follow-up-route.ts';
import { motionBody, motionForm } from '../motion-body.ts';

export const addExtend = followUpRoute({
  type: 'extend',
  operationId: 'extend',
  summary: 'Make a picked video four seconds longer, up to 21',
  schema: motionBody,
  example: { motion: 'high' },
  problems: ['banned_prompt'],
  followUp: ({ motion }) => ({ type: 'extend', motion }),
  form: motionForm,
});
