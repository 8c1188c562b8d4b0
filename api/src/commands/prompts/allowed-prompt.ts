import { invalidField, Refusal } from '../refusal.ts';
import type { BannedWords } from './banned-words.ts';
import { normalizePrompt } from './normalize-prompt.ts';

/** Discord's limit for an option of a command, in UTF-16 code units as JavaScript counts them. */
export const longestOption = 6_000;
/** Discord's limit for the field of a form. */
const longestFormText = 4_000;
/** The marker that a worker puts in front of the prompt of a drawing: `<#`, the task's id, `#>`. */
const markerLength = '<##>'.length + 16;

/**
 * The prompt as it may go to Midjourney. A dialect may have normalized it already, since doing so twice changes nothing.
 * It is done here so that no dialect can forget it: a marker in a prompt could attract another task's picture.
 * @throws {Refusal} `invalid_request` when nothing is left of it.
 */
export function cleanPrompt(text: string): string {
  const prompt = normalizePrompt(text);
  if (prompt === '') throw invalidField('prompt', 'must not be empty');
  return prompt;
}

/** @returns why the prompt is refused; undefined when it has no banned word. */
export function refusalOfWords(bannedWords: BannedWords, prompt: string): Refusal | undefined {
  const banned = bannedWords.find(prompt);
  if (!banned) return undefined;
  return new Refusal(
    'banned_prompt',
    `The prompt has the word "${banned}", which this service does not allow. Nothing was charged.`,
    { members: { banned_word: banned } },
  );
}

/** What the prompt is written into: a command, or the form of a button. */
export type PromptUse = 'imagine' | 'form' | 'shorten';

/**
 * @param sent what goes to Midjourney: the prompt with everything that is put before and after it
 * @returns why Discord would refuse it; undefined when it would not.
 */
export function refusalOfLength(sent: string, use: PromptUse): Refusal | undefined {
  const length = sent.length + (use === 'imagine' ? markerLength : 0);
  const longest = use === 'form' ? longestFormText : longestOption;
  const tooMany = length - longest;
  if (tooMany <= 0) return undefined;
  return invalidField(
    'prompt',
    `is ${tooMany} ${tooMany === 1 ? 'character' : 'characters'} too long: with everything that is sent with it, it has ${length}, and Discord takes ${longest} (an emoji counts as two or more)`,
  );
}
