import { createRoute, z } from '@hono/zod-openapi';
import { postMessage } from '../../../commands/upload/post-message.ts';
import type { AddRoute } from '../../app-env.ts';
import { problemsWithKey } from '../../problems/problem-schema.ts';
import { exampleUploadFilename, uploadFilenameField } from '../fields.ts';

const route = createRoute({
  method: 'post',
  path: '/message',
  operationId: 'postMessage',
  tags: ['Pictures'],
  summary: 'Post an uploaded picture, to get a link for prompts',
  description: 'Use `picurl` in /imagine. Costs no token.',
  request: {
    body: {
      required: true,
      content: {
        'application/json': {
          schema: z.strictObject({ upload_filename: uploadFilenameField }).openapi('Message'),
          example: { upload_filename: exampleUploadFilename },
        },
      },
    },
  },
  responses: {
    200: {
      description: 'The link',
      content: {
        'application/json': {
          schema: z
            .object({
              message: z.literal('success'),
              picurl: z.string().describe('expires after about a day'),
            })
            .openapi('Posted'),
          example: {
            message: 'success',
            picurl: 'https://cdn.discordapp.com/attachments/1/2/1767323045678402.png',
          },
        },
      },
    },
    ...problemsWithKey('invalid_request', 'not_found', 'too_large'),
  },
});

export const addPostMessage: AddRoute = (api, deps) => {
  api.openapi(route, async (c) => {
    const picurl = await postMessage(deps, c.get('user'), c.req.valid('json').upload_filename);
    return c.json({ message: 'success' as const, picurl }, 200);
  });
};
