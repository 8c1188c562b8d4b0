import { createRoute, z } from '@hono/zod-openapi';
import { createAccountDownload } from '../../pictures/account-download.ts';
import { pictureContentTypes } from '../../pictures/picture-format.ts';
import { picturesPath } from '../../pictures/pictures-at.ts';
import { createFindPreview } from '../../pictures/previews.ts';
import type { Api, RouteContext } from '../app-env.ts';
import { problemResponses } from '../problems/problem-schema.ts';
import { exampleTaskId } from '../v1/fields.ts';
import { noSuchPicture } from './get-picture.ts';

const route = createRoute({
  method: 'get',
  path: `${picturesPath}/previews/{name}`,
  operationId: 'getPreview',
  tags: ['Pictures'],
  summary: 'The unfinished picture of a task',
  description:
    "A task's `preview_url` points here while it is drawn. It needs no key and works for anyone who has the link, which " +
    'nobody can guess. It is gone once the task has a newer one or has ended.',
  security: [],
  request: {
    params: z.object({
      name: z.string().openapi({ example: `${exampleTaskId}-5f0c9a7d3b1e48c2a6d49e07b8f1c235` }),
    }),
  },
  responses: {
    200: {
      description: 'What Midjourney shows of it so far',
      content: Object.fromEntries(
        pictureContentTypes.map((type) => [type, { schema: z.string().openapi({ format: 'binary' }) }]),
      ),
    },
    ...problemResponses('invalid_request', 'not_found', 'internal'),
  },
});

/** Shows the previews of pictures to everybody who has their link. */
export function addGetPreview(api: Api, context: RouteContext): void {
  const findPreview = createFindPreview(createAccountDownload(context), context.watched);

  api.openapi(route, async (c) => {
    const preview = await findPreview(c.req.valid('param').name);
    if (!preview) return noSuchPicture(c);
    return c.body(new Uint8Array(preview.bytes), 200, {
      'Content-Type': preview.contentType,
      'Cache-Control': 'private, max-age=60',
      // Pages of other sites may show it: that is what the link is for.
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
  });
}
