import { z } from '@hono/zod-openapi';
import { motions } from '@midjourney-api/shared/midjourney/custom-id';
import { extendVideoRequest } from '../../../commands/follow-ups/extend-video.ts';
import { invalidField } from '../../../commands/refusal.ts';
import type { TaskRequest } from '../../../commands/requests/task-request.ts';
import { videoRequest } from '../../../commands/requests/video.ts';
import { findOwnTask } from '../../../queries/access.ts';
import type { MjContext } from '../mj-route.ts';
import { checkBeforeUpload, uploadSent } from '../upload-sent.ts';
import { mjPromptField, mjSubmitFields, mjTaskIdField, pictureField } from './submit-fields.ts';
import { type MjClient, mjSubmit } from './submit-route.ts';

/** Some clients send numbers and switches as text. */
const number = (value: unknown) => (typeof value === 'string' ? Number(value) : value);
const onOff = (value: unknown) => value === true || value === 'true' || value === 1;
const lowerCase = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value);

const schema = z
  .object({
    prompt: mjPromptField.optional().describe('what happens; Midjourney decides when left out'),
    image: pictureField.optional().describe('the picture that it begins with'),
    base64: pictureField.optional().describe('in place of `image`'),
    endImage: pictureField.optional().describe('the picture that it ends in'),
    loop: z.preprocess(onOff, z.boolean()).optional().describe('it ends as it began'),
    motion: z.preprocess(lowerCase, z.enum(motions)).default('low').describe('how much moves'),
    batchSize: z
      .preprocess(number, z.literal([1, 2, 4], 'must be 1, 2 or 4'))
      .default(4)
      .openapi({ type: 'integer', enum: [1, 2, 4] })
      .describe('how many videos of the picture'),
    action: z
      .unknown()
      .optional()
      .openapi({ type: 'string', enum: ['extend'] }),
    taskId: mjTaskIdField.optional().describe('with `extend`: the task with the video to make longer'),
    index: z
      .preprocess(number, z.int().min(0).max(3))
      .default(0)
      .openapi({ type: 'integer', minimum: 0, maximum: 3 })
      .describe('with `extend`: which of its videos; of four, it has to be picked (U1 to U4) before'),
    ...mjSubmitFields,
  })
  .openapi('MjVideo');
type Body = z.output<typeof schema>;

export const addMjVideo = mjSubmit({
  path: '/submit/video',
  operationId: 'mjVideo',
  summary: 'Make videos of any picture, or a picked one longer',
  description:
    'Discord’s bot shows four videos as one moving webp, of which `videoUrls` are the parts; pressing U1 to U4 makes an mp4 of one.',
  schema,
  example: { prompt: 'the boat sails away', image: 'https://shop.example/boat.png', motion: 'low' },
  pictures: true,
  request: (body, client, context) => {
    if (body.action === 'extend') return extension(body, client, context);
    if (body.taskId !== undefined)
      throw invalidField('taskId', 'is for "action": "extend"; a new video begins with image');
    return newVideo(body, client, context);
  },
});

async function newVideo(body: Body, client: MjClient, context: MjContext): Promise<TaskRequest> {
  const { prompt, base64, image = base64, endImage, loop, motion, batchSize } = body;
  const { user, speed } = client;
  if (image === undefined) throw invalidField('image', 'is required: the picture that the video begins with');
  if (endImage !== undefined && loop)
    throw invalidField('loop', 'and endImage: send one of them, it has one end');
  if (speed === 'turbo')
    throw invalidField('mode', 'is turbo, at which no videos are made: ask for fast or relax');
  await checkBeforeUpload(context, client, prompt);
  const { preparePrompt } = context.commands;
  const end = loop ? 'start' : undefined;
  return videoRequest({ ...context, preparePrompt }, user, {
    start: await uploadSent(context, client, 'image', image),
    end: endImage === undefined ? end : await uploadSent(context, client, 'endImage', endImage),
    text: prompt,
    motion,
    batch: batchSize,
    raw: false,
    speed,
    speedOverrides: true,
  });
}

/** Clients repeat the prompt of the video, which is no other prompt, and needs no form. */
async function extension(
  { taskId, index, prompt, motion }: Body,
  { user }: MjClient,
  { db, commands: { preparePrompt } }: MjContext,
): Promise<TaskRequest> {
  if (taskId === undefined)
    throw invalidField('taskId', 'is required: the task with the video to make longer');
  const { prompt: former } = await findOwnTask(db, user, taskId);
  return extendVideoRequest(
    { db, preparePrompt },
    user,
    { taskId, index: index + 1 },
    { motion, text: prompt === former ? undefined : prompt },
  );
}
