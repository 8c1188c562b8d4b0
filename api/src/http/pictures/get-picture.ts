import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { variantExtension } from '../../pictures/draw-variant.ts';
import { isOriginal, type KeptPictures } from '../../pictures/kept-pictures.ts';
import { contentTypeOf, pictureContentTypes } from '../../pictures/picture-format.ts';
import { picturesPath } from '../../pictures/pictures-at.ts';
import { leastWidth, mostWidth, variantName } from '../../pictures/variants.ts';
import type { Api, AppEnv } from '../app-env.ts';
import type { AuthDependencies } from '../auth/authenticate.ts';
import { isOperator } from '../auth/bearer-auth.ts';
import { matchesEtag } from '../etag.ts';
import { problemResponse } from '../problems/problem-response.ts';
import { problemResponses } from '../problems/problem-schema.ts';
import { exampleTaskId } from '../v1/fields.ts';
import { readRange } from './byte-range.ts';

const route = createRoute({
  method: 'get',
  path: `${picturesPath}/{file}`,
  operationId: 'getImage',
  tags: ['Pictures'],
  summary: 'A finished picture',
  description:
    "A task's `image_url` points here once its picture is stored. It needs no key and works for anyone who has the link, " +
    'which nobody can guess; only an operator’s key opens a picture that came late and is not claimed yet. It never ' +
    'changes, so it may be cached for ever, and it can be read in parts (`Range`). `part` shows one of the four of a ' +
    'grid, without a pick: a picture in its own format, a video as an animated webp. `w` makes a smaller webp of it.',
  security: [],
  request: {
    params: z.object({
      file: z.string().openapi({ example: `${exampleTaskId}-5f0c9a7d3b1e48c2a6d49e07b8f1c235.png` }),
    }),
    query: z.object({
      part: z.coerce
        .number()
        .int()
        .min(1)
        .max(4)
        .optional()
        .describe('of a grid: 1 to 4, left to right, top to bottom')
        .openapi({ example: 2 }),
      w: z.coerce
        .number()
        .int()
        .min(leastWidth)
        .max(mostWidth)
        .optional()
        .describe(
          'width in pixels; the next larger of a few fixed widths is sent, never more than the picture has',
        )
        .openapi({ example: 512 }),
      poster: z.literal('1').optional().describe('of a video: its still picture, as in `poster_url`'),
    }),
    headers: z.object({
      range: z.string().optional().openapi({ example: 'bytes=0-65535' }),
      'if-range': z.string().optional(),
      'if-none-match': z.string().optional(),
    }),
  },
  responses: {
    200: {
      description: 'The picture, or the video',
      content: Object.fromEntries(
        pictureContentTypes.map((type) => [type, { schema: z.string().openapi({ format: 'binary' }) }]),
      ),
    },
    206: { description: 'The part of it that `Range` asks for' },
    304: { description: 'Not changed' },
    ...problemResponses('invalid_request', 'not_found', 'range_not_satisfiable', 'unavailable', 'internal'),
  },
});

/** Serves stored pictures to everybody who has their link. */
export function addGetPicture(api: Api, pictures: KeptPictures, auth: AuthDependencies): void {
  api.openapi(route, async (c) => {
    const found = await pictures.find(c.req.valid('param').file);
    if (!found || (found.unpaid && !(await isOperator(c, auth)))) return noSuchPicture(c);
    const { part: wantedPart, w, poster } = c.req.valid('query');
    const shown = poster ? await pictures.posterOf(found) : { picture: found, part: undefined };
    const { picture, part = wantedPart } = shown;
    const { file, task, unpaid } = picture;
    const variant = pictures.variantOf(picture, { part, width: w, still: poster !== undefined });

    const etag = `"${[file.name.split('.')[0], variantName(variant)].filter(Boolean).join('-')}"`;
    const lastModified = (task.finishedAt ?? task.createdAt).toUTCString();
    const headers = {
      ETag: etag,
      'Last-Modified': lastModified,
      'Cache-Control': unpaid ? 'private, no-store' : 'public, max-age=31536000, immutable',
      // Pages of other sites may show it: that is what the link is for.
      'Cross-Origin-Resource-Policy': 'cross-origin',
    };
    const known = c.req.valid('header');
    if (matchesEtag(known['if-none-match'], etag)) return c.body(null, 304, headers);

    const stored = await pictures.open(picture, variant);
    if (!stored) return noSuchPicture(c);
    const ifRange = known['if-range'];
    const mayHaveRange = ifRange === undefined || ifRange === etag || ifRange === lastModified;
    const range = mayHaveRange ? readRange(known.range, stored.size) : undefined;
    if (range === 'unsatisfiable') {
      const message = `It has ${stored.size} bytes.`;
      const contentRange = { 'Content-Range': `bytes */${stored.size}` };
      return problemResponse(c, { code: 'range_not_satisfiable', message }, contentRange);
    }
    const sent = {
      ...headers,
      'Content-Type': contentTypeOf(
        isOriginal(variant) ? file.extension : variantExtension(variant, file.extension),
      ),
      'Content-Length': String(range ? range.last - range.first + 1 : stored.size),
      'Accept-Ranges': 'bytes',
      ...(range && { 'Content-Range': `bytes ${range.first}-${range.last}/${stored.size}` }),
    };
    const status = range ? 206 : 200;
    if (c.req.method === 'HEAD') return c.body(null, status, sent);
    return c.body(await stored.read(range), status, sent);
  });
}

/** One answer for all that is not there, so that it does not show what is. */
export function noSuchPicture(c: Context<AppEnv>): Response {
  const problem = { code: 'not_found', message: 'There is no such picture.' } as const;
  return problemResponse(c, problem, { 'Cache-Control': 'no-store' });
}
