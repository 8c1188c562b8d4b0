import { z } from '@hono/zod-openapi';
import { speeds } from '@midjourney-api/shared/tasks/task';
import { editRequest } from '../../../commands/requests/edit.ts';
import { namedPicture, pictureField, promptField } from '../../v1/fields.ts';
import { drawingTool, waitField } from '../drawing-tool.ts';

const howMany = 'must be 1 to 4';

export const addEdit = drawingTool({
  name: 'edit',
  title: 'Edit pictures',
  description:
    'Draws four pictures from one to four others, as a prompt says: changes one, or combines what is in several.',
  schema: z.strictObject({
    prompt: promptField.describe('what to do with the pictures'),
    images: z
      .array(pictureField)
      .min(1, howMany)
      .max(4, howMany)
      .describe(
        'their links, such as the image_url of a task; or the upload_filenames that POST /upload answered',
      ),
    speed: z.enum(speeds).optional(),
    wait: waitField,
  }),
  request: ({ prompt: text, images, speed }, user, { mcp: { commands, ...deps } }) =>
    editRequest({ ...deps, preparePrompt: commands.preparePrompt }, user, {
      pictures: images.map(namedPicture),
      text,
      speed,
    }),
});
