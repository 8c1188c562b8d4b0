import { createRoute, z } from '@hono/zod-openapi';
import { varyRegionRequest } from '../../../../../commands/follow-ups/vary-region.ts';
import { invalidField } from '../../../../../commands/refusal.ts';
import type { NamedRegion } from '../../../../../commands/requests/region-mask.ts';
import { digestOf } from '../../../../../commands/upload/uploads.ts';
import type { AddRoute } from '../../../../app-env.ts';
import { formLimit } from '../../../../middleware/body-limit.ts';
import { isMultipart, multipartForm } from '../../../../middleware/multipart-form.ts';
import { exampleTaskId, fileField, formTextField, framingBytes, readFile } from '../../../fields.ts';
import { submitAndAnswer } from '../../submit-body.ts';
import { submitFields } from '../../submit-fields.ts';
import { costsOneToken, describeSubmit } from '../../submit-route.ts';
import { followUpProblems, ignoredIndex, namedParent, parentFields } from '../follow-up-route.ts';

const path = '/vary_region';

const pixel = z.number().min(-100_000).max(100_000);
const extent = z.number().positive().max(100_000);

const commonFields = {
  ...parentFields,
  index: ignoredIndex,
  prompt: formTextField.unwrap().unwrap().describe('what to draw in the region'),
  ...submitFields,
};

const jsonSchema = z
  .strictObject({
    ...commonFields,
    mask: z
      .string()
      .min(1)
      .nullish()
      .describe(
        'a png or webp in base64: white is drawn again, black stays. It is resized to the size of the picture',
      ),
    boxes: z
      .array(z.strictObject({ x: pixel, y: pixel, width: extent, height: extent }))
      .max(100)
      .nullish()
      .describe(
        'instead of a mask, also together with polygons: what is drawn again, in pixels of the picture',
      ),
    polygons: z
      .array(
        z
          .array(z.tuple([pixel, pixel]))
          .min(3)
          .max(1_000),
      )
      .max(100)
      .nullish()
      .openapi({
        type: ['array', 'null'],
        items: { type: 'array', items: { type: 'array', items: { type: 'number' } } },
      })
      .describe('the corners of each, as [x, y]'),
  })
  .openapi('VaryRegion');

const formSchema = z
  .strictObject({ ...commonFields, mask: fileField.openapi({ type: 'string', format: 'binary' }) })
  .openapi('VaryRegionMask');

export const addVaryRegion: AddRoute = (api, { config, db, commands }) => {
  const { UPLOAD_LIMIT_BYTES } = config;
  const largest = UPLOAD_LIMIT_BYTES + framingBytes;
  const route = createRoute({
    ...describeSubmit({
      path,
      operationId: 'varyRegion',
      triggerType: 'vary_region',
      summary: 'Draw a part of a single picture again',
      description:
        'The part is a `mask`, in base64 or as a file in multipart/form-data, or `boxes` and `polygons`. Needs an account ' +
        `with a user session, because Midjourney opens its editor for the user only. ${costsOneToken}`,
      hasParent: true,
      problems: [...followUpProblems, 'banned_prompt', 'unsupported_image', 'unavailable'],
    }),
    middleware: [
      formLimit(largest, `The mask is larger than ${UPLOAD_LIMIT_BYTES} bytes.`),
      multipartForm({ files: 1, fileBytes: UPLOAD_LIMIT_BYTES }),
    ] as const,
    request: {
      body: {
        content: {
          'application/json': {
            schema: jsonSchema,
            example: {
              trigger_id: exampleTaskId,
              prompt: 'a red balloon',
              boxes: [{ x: 512, y: 0, width: 512, height: 400 }],
            },
          },
          'multipart/form-data': {
            schema: formSchema,
            example: { trigger_id: exampleTaskId, prompt: 'a red balloon', mask: 'mask.png' },
          },
        },
      },
    },
  });

  api.openapi(route, async (c) => {
    const sent = isMultipart(c.req.header('content-type')) ? c.req.valid('form') : c.req.valid('json');
    const { body, region } = isForm(sent) ? await inForm(sent) : inJson(sent);
    const deps = { config, db, preparePrompt: commands.preparePrompt };
    return submitAndAnswer(c, commands.submit, { path, body }, () =>
      varyRegionRequest(deps, c.get('user'), { parent: namedParent(body), region, text: body.prompt }),
    );
  });
};

type Form = z.output<typeof formSchema>;
/** A request without any body has no fields at all. */
type Json = Partial<z.output<typeof jsonSchema>>;

function isForm(sent: Form | Json): sent is Form {
  return sent.mask instanceof File;
}

/** Two such requests are the same when their masks have the same content. */
async function inForm({ mask, ...fields }: Form) {
  const file = await readFile(mask);
  return { body: { ...fields, mask: digestOf(file) }, region: { file } };
}

function inJson({ trigger_id, prompt, ...fields }: Json) {
  if (trigger_id === undefined || prompt === undefined) throw invalidField('trigger_id', 'is required');
  return { body: { ...fields, trigger_id, prompt }, region: regionOf(fields) };
}

function regionOf({ mask, boxes, polygons }: Pick<Json, 'mask' | 'boxes' | 'polygons'>): NamedRegion {
  const shapes = [
    ...(boxes ?? []).map((box) => ({ box })),
    ...(polygons ?? []).map((polygon) => ({ polygon })),
  ];
  if (mask && shapes.length > 0) throw invalidField('mask', 'or boxes and polygons: send one of the two');
  if (!mask && shapes.length === 0) throw invalidField('mask', 'is required, or boxes or polygons');
  if (!mask) return { shapes };
  const base64 = mask.replace(/^data:image\/[a-z]+;base64,/, '').trim();
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw invalidField('mask', 'must be base64');
  return { file: Buffer.from(base64, 'base64') };
}
