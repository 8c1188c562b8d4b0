import { z } from '@hono/zod-openapi';
import { invalidField } from '../../../commands/refusal.ts';
import { blendRequest } from '../../../commands/requests/blend.ts';
import type { PictureAtLink } from '../../../pictures/picture-at-link.ts';
import { namedPicture, pictureField } from '../../v1/fields.ts';
import { drawingTool, waitField } from '../drawing-tool.ts';

const howMany = 'must be 2 to 5';

export const addBlend = drawingTool({
  name: 'blend',
  title: 'Blend pictures',
  description: 'Draws four pictures that mix two to five others.',
  schema: z.strictObject({
    images: z
      .array(pictureField)
      .min(2, howMany)
      .max(5, howMany)
      .describe(
        'their links, such as the image_url of a task; or the upload_filenames that POST /upload answered',
      ),
    dimensions: z
      .enum(['portrait', 'square', 'landscape'])
      .optional()
      .describe('2:3, 1:1 or 3:2; square when left out'),
    wait: waitField,
  }),
  request: async ({ images, dimensions }, user, { c, mcp }) => {
    const deps = { db: mcp.db, uploadPicture: mcp.commands.uploadPicture };
    const pictures = await picturesOf(images, mcp.pictureAtLink);
    return blendRequest(deps, { user, requestId: c.get('requestId') }, { pictures, dimensions });
  },
});

/** Midjourney blends uploads only, so pictures at links are fetched to be uploaded. */
async function picturesOf(images: string[], pictureAtLink: PictureAtLink) {
  const named = images.map(namedPicture);
  const uploadFilenames = named.flatMap((picture) =>
    'uploadFilename' in picture ? picture.uploadFilename : [],
  );
  if (uploadFilenames.length === images.length) return { uploadFilenames };
  if (uploadFilenames.length > 0) throw invalidField('images', 'must be all links, or all uploads');
  const files = await Promise.all(images.map((link, at) => pictureAtLink(`images.${at}`, link)));
  return { files };
}
