import { z } from '@hono/zod-openapi';
import { motions } from '@midjourney-api/shared/midjourney/custom-id';
import { invalidField } from '../../../commands/refusal.ts';
import type { NamedPicture } from '../../../commands/requests/picture-link.ts';
import { videoRequest } from '../../../commands/requests/video.ts';
import { pictureUrlField, promptField, uploadFilenameField } from '../fields.ts';
import { submitFields } from './submit-fields.ts';
import { costsOneToken, submitRoute } from './submit-route.ts';

const schema = z
  .strictObject({
    picurl: pictureUrlField.nullish().describe('the first frame'),
    upload_filename: uploadFilenameField
      .nullish()
      .describe('instead of `picurl`: the `upload_filename` that `/upload` answered'),
    end_url: pictureUrlField.nullish().describe('the last frame'),
    end_upload_filename: uploadFilenameField
      .nullish()
      .describe('instead of `end_url`: the `upload_filename` that `/upload` answered'),
    loop: z.boolean().nullish().describe('ends with the first frame, so that it repeats without a break'),
    prompt: promptField.nullish().describe('what happens in the video; Midjourney decides when left out'),
    motion: z
      .enum(motions)
      .nullish()
      .openapi({ type: ['string', 'null'], enum: [...motions, null], default: 'low' })
      .describe('how much moves in the video; low when left out'),
    batch: z
      .literal([1, 2, 4])
      .nullish()
      .openapi({ type: ['integer', 'null'], enum: [1, 2, 4, null], default: 4 })
      .describe('how many videos of the picture; four when left out'),
    raw: z.boolean().nullish().describe('follows the prompt more closely'),
    speed: z
      .enum(['fast', 'relax'])
      .nullish()
      .openapi({ type: ['string', 'null'], enum: ['fast', 'relax', null] })
      .describe('fast or relax; there are no videos in turbo mode'),
    ...submitFields,
  })
  .openapi('Video');

export const addVideo = submitRoute({
  path: '/video',
  operationId: 'video',
  triggerType: 'video',
  summary: 'Make videos of any picture',
  description:
    'Five seconds each, all in one animated webp: `/video_upscale` picks one as an mp4, which `/extend` makes longer. ' +
    `A video is 480 or 720 pixels high, as the account is set. ${costsOneToken}`,
  schema,
  example: { picurl: 'https://shop.example/boat.png', prompt: 'the boat sails away', motion: 'low' },
  problems: ['banned_prompt', 'not_found', 'unavailable'],
  request: (body, user, { commands: { preparePrompt }, ...deps }) => {
    const { prompt, motion, batch, raw, speed } = body;
    return videoRequest({ ...deps, preparePrompt }, user, {
      start: startOf(body),
      end: endOf(body),
      text: prompt,
      motion: motion ?? 'low',
      batch: batch ?? 4,
      raw: raw ?? false,
      speed,
    });
  },
});

type Body = z.output<typeof schema>;

function startOf({ picurl: url, upload_filename: uploadFilename }: Body): NamedPicture {
  if (url && uploadFilename) throw invalidField('upload_filename', 'and picurl: send one of the two');
  if (url) return { url };
  if (uploadFilename) return { uploadFilename };
  throw invalidField('picurl', 'or upload_filename is required: the picture that the video begins with');
}

function endOf({
  end_url: url,
  end_upload_filename: uploadFilename,
  loop,
}: Body): NamedPicture | 'start' | undefined {
  const given = [loop, url, uploadFilename].filter(Boolean).length;
  if (given > 1)
    throw invalidField('loop', 'end_url and end_upload_filename: send one of them, it has one end');
  if (url) return { url };
  if (uploadFilename) return { uploadFilename };
  return loop ? 'start' : undefined;
}
