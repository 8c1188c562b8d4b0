import { followUpBody, followUpRoute, indexOfFour } from '../follow-up-route.ts';

export const addVideoUpscale = followUpRoute({
  type: 'video_upscale',
  operationId: 'videoUpscale',
  summary: 'Take one of several videos, as an mp4',
  schema: followUpBody.extend({ index: indexOfFour }),
  example: { index: 2 },
  followUp: ({ index }) => ({ type: 'video_upscale', index }),
});
