import { z } from '@hono/zod-openapi';
import { motions } from '@midjourney-api/shared/midjourney/custom-id';
import { followUpRequest } from '../../../commands/follow-ups/follow-up-request.ts';
import { invalidField } from '../../../commands/refusal.ts';
import { videoRequest } from '../../../commands/requests/video.ts';
import { findOwnTask } from '../../../queries/access.ts';
import { namedPicture, pictureField, promptField, taskIdField } from '../../v1/fields.ts';
import { drawingTool, waitField } from '../drawing-tool.ts';

export const addAnimate = drawingTool({
  name: 'animate',
  title: 'Make videos',
  description:
    'Makes four videos of five seconds: of any picture by image, or of the single picture of a task by trigger_id, whose button it presses. Press a button of the result to pick one as mp4.',
  schema: z.strictObject({
    image: pictureField
      .optional()
      .describe('the first frame: its link, or the upload_filename that POST /upload answered'),
    trigger_id: taskIdField
      .optional()
      .describe('instead of image: a task with a single picture, not with a grid'),
    motion: z.enum(motions).default('low').describe('how much moves in the video'),
    prompt: promptField.optional().describe('what happens in the video; Midjourney decides when left out'),
    end_image: pictureField.optional().describe('the last frame; only with image'),
    loop: z.boolean().optional().describe('ends with the first frame; only with image'),
    wait: waitField,
  }),
  request: async (args, user, { mcp: { commands, ...mcp } }) => {
    const { image, trigger_id: taskId, motion, prompt: text, end_image: end, loop } = args;
    const deps = { ...mcp, preparePrompt: commands.preparePrompt };
    if ((image === undefined) === (taskId === undefined))
      throw invalidField('image', 'or trigger_id, one of the two, must say which picture');
    if (end !== undefined && loop) throw invalidField('loop', 'and end_image: send one of the two');
    if (image !== undefined)
      return videoRequest(deps, user, {
        start: namedPicture(image),
        end: end === undefined ? (loop ? 'start' : undefined) : namedPicture(end),
        text,
        motion,
        batch: 4,
        raw: false,
      });
    if (end !== undefined || loop)
      throw invalidField(loop ? 'loop' : 'end_image', 'needs the picture as image, not as trigger_id');
    const { id } = await findOwnTask(mcp.db, user, taskId ?? '');
    return followUpRequest(deps, user, {
      parent: { taskId: id },
      followUp: { type: 'animate', motion },
      form: text === undefined ? undefined : { text },
    });
  },
});
