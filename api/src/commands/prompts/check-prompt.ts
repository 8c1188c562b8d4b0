import { z } from '@hono/zod-openapi';
import { hasAtMost } from '../../http/v1/fields.ts';
import { invalidField, Refusal } from '../refusal.ts';
import type { BannedWords } from './banned-words.ts';
import { normalizePrompt } from './normalize-prompt.ts';

const longestPrompt = 6_000;

/** A prompt that a client sends, as it may go to Midjourney. */
export const promptField = z
  .string()
  .overwrite(normalizePrompt)
  .refine((prompt) => prompt !== '', 'must not be empty')
  .refine(hasAtMost(longestPrompt), `must have at most ${longestPrompt} characters`)
  .openapi({ type: 'string', minLength: 1, maxLength: longestPrompt });

/** Discord takes no more in an option of a command, counted as JavaScript does. */
const longestOption = 6_000;
/** What a worker puts in front of the prompt of a drawing, `<#` a task's id `#>`. */
const markerLength = '<##>'.length + 16;

/**
 * @param sent what goes to Midjourney: the prompt with all that is put before and behind it
 * @throws {Refusal} 400 when Discord would refuse it.
 */
export function refuseTooLong(sent: string, { marked }: { marked: boolean }): void {
  const length = sent.length + (marked ? markerLength : 0);
  const tooMany = length - longestOption;
  if (tooMany <= 0) return;
  const message = `is ${tooMany} ${tooMany === 1 ? 'character' : 'characters'} too long: with all that is sent with it, it has ${length}, and Discord takes ${longestOption} (an emoji counts two or more)`;
  throw invalidField('prompt', message);
}

/** @throws {Refusal} 400 when the prompt has a word of the list. */
export function refuseBanned(bannedWords: BannedWords, prompt: string): void {
  const banned = bannedWords.find(prompt);
  if (!banned) return;
  throw new Refusal(
    'banned_prompt',
    `The prompt has the word "${banned}", which this service does not allow. Nothing was charged.`,
  );
}
