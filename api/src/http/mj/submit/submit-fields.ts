import { z } from '@hono/zod-openapi';
import { type Bot, isSpeed, type Speed } from '@midjourney-api/shared/tasks/task';
import type { Context } from 'hono';
import { normalizePrompt } from '../../../commands/prompts/normalize-prompt.ts';
import { hasAtMost } from '../../v1/fields.ts';
import { readMjAddress } from '../address.ts';

/** Fields that several routes take. Absent, null and "" are the same, see `parseBody`. */

const longestState = 1_024;

/** Clients send ids as numbers, too. */
const text = z.preprocess((value) => (typeof value === 'number' ? String(value) : value), z.string());

export const mjTaskIdField = text.openapi({ type: 'string', example: '1767323045678400' });

/** Commands check the rest. */
export const mjPromptField = z
  .string()
  .overwrite(normalizePrompt)
  .refine((prompt) => prompt !== '', 'must not be empty')
  .openapi({ type: 'string', minLength: 1 });

/** What every submit takes. */
export const mjSubmitFields = {
  state: text
    .refine(hasAtMost(longestState), `must have at most ${longestState} characters`)
    .optional()
    .openapi({ type: 'string', maxLength: longestState })
    .describe('your own text, handed back with the task as given'),
  notifyHook: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .max(2_048)
    .optional()
    .openapi({ type: 'string', format: 'uri', maxLength: 2_048, example: 'https://shop.example/mj/notify' })
    .describe('URL that is sent the task after each of its changes'),
  accountFilter: z
    .object({ modes: z.unknown(), remix: z.unknown(), instanceId: z.unknown() })
    .partial()
    .optional()
    .catch(undefined)
    .openapi({
      type: 'object',
      properties: {
        modes: { type: 'array', items: { type: 'string' }, description: 'the first one is the speed' },
        remix: { type: 'boolean' },
        instanceId: { type: 'string', description: 'by `submit/show`: the name of the account' },
      },
    })
    .describe('which account; all but the speed is up to this service'),
  mode: z.unknown().optional().openapi({ type: 'string' }).describe('the speed: fast, relax or turbo'),
  modes: z
    .unknown()
    .optional()
    .openapi({ type: 'array', items: { type: 'string' } })
    .describe('as in `accountFilter`'),
};

export type MjSubmitBody = z.output<z.ZodObject<typeof mjSubmitFields>>;

export const botTypeField = z
  .unknown()
  .optional()
  .openapi({ type: 'string', enum: ['MID_JOURNEY', 'NIJI_JOURNEY'], default: 'MID_JOURNEY' })
  .describe('which of the two bots');

/** An unknown one is the Midjourney Bot's. */
export function botOf(botType: unknown): Bot {
  return typeof botType === 'string' && /^niji/i.test(botType) ? 'niji' : 'midjourney';
}

/** A picture, as a data URL, bare base64, or its link. */
export const pictureField = z
  .string('must be a picture in base64, or its link')
  .openapi({ type: 'string', example: 'data:image/png;base64,iVBORw0KGgo…' });

/** A list of pictures, as data URLs, bare base64, or links; what is empty in it is left out. */
export const picturesField = z
  .preprocess(
    (value) => (Array.isArray(value) ? value.filter((item) => item !== null && item !== '') : value),
    z.array(z.string('must be a picture in base64, or its link')),
  )
  .optional()
  .openapi({ type: 'array', items: { type: 'string' }, example: ['data:image/png;base64,iVBORw0KGgo…'] });

/**
 * The speed that a request asks for beside its prompt: by the prefix of its address, or else in its body. What is no
 * speed asks for none.
 */
export function speedOf(
  c: Context,
  { accountFilter, modes, mode }: Pick<MjSubmitBody, 'accountFilter' | 'modes' | 'mode'>,
): Speed | undefined {
  const wanted = [firstOf(accountFilter?.modes), firstOf(modes), mode]
    .map((word) => (typeof word === 'string' ? word.toLowerCase() : ''))
    .find(isSpeed);
  return readMjAddress(new URL(c.req.url).pathname)?.speed ?? wanted;
}

function firstOf(modes: unknown): unknown {
  return Array.isArray(modes) ? modes[0] : modes;
}
