import { z } from '@hono/zod-openapi';
import { bots, speeds } from '@midjourney-api/shared/tasks/task';
import { normalizePrompt } from '../../commands/prompts/normalize-prompt.ts';
import type { NamedPicture } from '../../commands/requests/picture-link.ts';

/** Fields that several routes take, and how each is checked. */

export const exampleTaskId = '1767323045678400';
export const exampleHash = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';

/** A task's id. Clients may send it as a number, which holds every id exactly; larger numbers have lost digits. */
export const taskIdField = z
  .preprocess(
    (value) => (Number.isSafeInteger(value) ? String(value) : value),
    z
      .string('must be a task id of 10 to 19 digits, as a string')
      .regex(/^\d{10,19}$/, 'must be a task id of 10 to 19 digits'),
  )
  .openapi({ type: 'string', pattern: '^\\d{10,19}$', example: exampleTaskId });

/** Counts characters as people and MySQL do: an emoji is one, while JavaScript's `length` says two. */
export function hasAtMost(most: number): (text: string) => boolean {
  return (text) => text.length <= most || [...text].length <= most;
}

export const speedField = z
  .enum(speeds)
  .nullish()
  .openapi({ type: ['string', 'null'], enum: [...speeds, null] });

export const botField = z
  .enum(bots)
  .nullish()
  .openapi({ type: ['string', 'null'], enum: [...bots, null] })
  .describe('the bot: `midjourney`, also when left out, or `niji`');

const longestPrompt = 6_000;

/** A prompt that a client sends, as it may go to Midjourney. */
export const promptField = z
  .string()
  .overwrite(normalizePrompt)
  .refine((prompt) => prompt !== '', 'must not be empty')
  .refine(hasAtMost(longestPrompt), `must have at most ${longestPrompt} characters`)
  .openapi({ type: 'string', minLength: 1, maxLength: longestPrompt });

/** Parameters of a prompt by their names, which the matrix of models knows. */
export const paramsField = z
  .record(
    z.string().regex(/^[A-Za-z][\w-]{0,31}$/, 'must be the name of a parameter, without dashes'),
    z.union([
      z.string('must be text, a number, true, false, or a list of texts').max(2_048),
      z.number(),
      z.boolean(),
      z.array(z.string().max(2_048)).min(1).max(20),
      z.null(),
    ]),
  )
  .refine((params) => Object.keys(params).length <= 40, 'must have at most 40 parameters')
  .nullish()
  .openapi({
    type: ['object', 'null'],
    additionalProperties: {},
    example: { ar: '3:2', stylize: 250, raw: true, no: ['dogs', 'cars'] },
  })
  .describe(
    'parameters of the prompt as fields: `{"ar": "3:2", "raw": true, "no": ["dogs"]}` is `--ar 3:2 --raw --no dogs`. ' +
      'One that the prompt has with another value is refused',
  );

/** Discord's limit for a field of a form. */
const longestFormText = 4_000;

/** What a client wants written into a form. */
export const formTextField = promptField
  .refine(hasAtMost(longestFormText), `must have at most ${longestFormText} characters`)
  .nullish()
  .openapi({ type: ['string', 'null'], maxLength: longestFormText });

export const pictureUrlField = z
  .url({ protocol: /^https?$/, normalize: true, error: 'must be an http or https URL' })
  .max(2_048)
  .openapi({ type: 'string', format: 'uri', maxLength: 2_048 });

/** The name that the operator gave a Midjourney account. */
export const accountNameField = z.string().min(1).max(64);

export const exampleUploadFilename = 'b9c5a1de-5b0f-4a43-9d0a-66c9a5dca1e6/1767323045678402.png';

export const uploadFilenameField = z
  .string()
  .min(1)
  .max(255)
  .openapi({ example: exampleUploadFilename })
  .describe('the `upload_filename` that `/upload` answered');

/** A picture by its link, or by the `upload_filename` that /upload answered. */
export const pictureField = z.string().superRefine((picture, context) => {
  const found = (isLink(picture) ? pictureUrlField : uploadFilenameField).safeParse(picture);
  for (const { message } of found.error?.issues ?? []) context.addIssue({ code: 'custom', message });
});

export function namedPicture(picture: string): NamedPicture {
  return isLink(picture) ? { url: new URL(picture).href } : { uploadFilename: picture };
}

function isLink(text: string): boolean {
  return /^[a-z]+:\/\//i.test(text);
}

/** A file in a multipart/form-data body. */
export const fileField = z.custom<File>((value) => value instanceof File, 'must be a file');

/** Room for what multipart/form-data puts around the files. */
export const framingBytes = 65_536;

export async function readFile(file: File): Promise<Buffer> {
  return Buffer.from(await file.arrayBuffer());
}
