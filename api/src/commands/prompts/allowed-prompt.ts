import { invalidField, Refusal } from '../refusal.ts';
import type { BannedWords } from './banned-words.ts';
import { normalizePrompt } from './normalize-prompt.ts';

/** Discord takes no more in an option of a command, counted as JavaScript does. */
export const longestOption = 6_000;
/** Nor in the field of a form. */
const longestFormText = 4_000;
/** What a worker puts in front of the prompt of a drawing, `<#` a task's id `#>`. */
const markerLength = '<##>'.length + 16;

/**
 * The prompt as it may go to Midjourney. A dialect may have normalized it before, as doing so twice changes nothing;
 * it is done here so that none can forget it, since a marker in a prompt could draw another task's picture to it.
 * @throws {Refusal} `invalid_request` when nothing is left of it.
 */
export function cleanPrompt(text: string): string {
  const prompt = normalizePrompt(text);
  if (prompt === '') throw invalidField('prompt', 'must not be empty');
  return prompt;
}

/** @returns why a prompt with a word of the list is refused. */
export function refusalOfWords(bannedWords: BannedWords, prompt: string): Refusal | undefined {
  const banned = bannedWords.find(prompt);
  if (!banned) return undefined;
  return new Refusal(
    'banned_prompt',
    `The prompt has the word "${banned}", which this service does not allow. Nothing was charged.`,
    { members: { banned_word: banned } },
  );
}

/** What a prompt is sent in. */
export type PromptUse = 'imagine' | 'form' | 'shorten';

/**
 * @param sent what goes to Midjourney: the prompt with all that is put before and behind it
 * @returns why Discord would not take it.
 */
export function refusalOfLength(sent: string, use: PromptUse): Refusal | undefined {
  const length = sent.length + (use === 'imagine' ? markerLength : 0);
  const longest = use === 'form' ? longestFormText : longestOption;
  const tooMany = length - longest;
  if (tooMany <= 0) return undefined;
  return invalidField(
    'prompt',
    `is ${tooMany} ${tooMany === 1 ? 'character' : 'characters'} too long: with all that is sent with it, it has ${length}, and Discord takes ${longest} (an emoji counts two or more)`,
  );
}
