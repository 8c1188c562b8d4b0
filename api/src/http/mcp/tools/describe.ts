import { z } from '@hono/zod-openapi';
import { describeRequest } from '../../../commands/requests/describe.ts';
import { namedPicture, pictureField } from '../../v1/fields.ts';
import { drawingTool, waitField } from '../drawing-tool.ts';

export const addDescribe = drawingTool({
  name: 'describe',
  title: 'Describe a picture',
  description: 'Writes four prompts that describe a picture; they are in texts.',
  schema: z.strictObject({
    image: pictureField.describe(
      'its link, such as the image_url of a task; or the upload_filename that POST /upload answered',
    ),
    wait: waitField,
  }),
  request: ({ image }, user, { mcp }) => {
    const picture = namedPicture(image);
    return describeRequest(mcp, user, {
      picture: 'url' in picture ? { link: new URL(picture.url) } : picture,
    });
  },
});
