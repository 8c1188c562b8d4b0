import { invalidField, Refusal } from '../refusal.ts';
import type { BannedWords } from './banned-words.ts';
import { normalizePrompt } from './normalize-prompt.ts';

/** Discord takes no more in an option of a command, counted as JavaScript does. */
const longestOption = 6_000;
/** What a worker puts in front of the prompt of a drawing, `<#` a task's id `#>`. */
const markerLength = '<##>'.length + 16;

/**
 * The prompt as it may go to Midjourney. A dialect may have normalized it before, as doing so twice changes nothing;
 * it is done here so that none can forget it, since a marker in a prompt could draw another task's picture to it.
 * @throws {Refusal} `invalid_request` when nothing is left of it, `banned_prompt` when it has a word of the list.
 */
export function checkPrompt(bannedWords: BannedWords, text: string): string {
  const prompt = normalizePrompt(text);
  if (prompt === '') throw invalidField('prompt', 'must not be empty');
  const banned = bannedWords.find(prompt);
  if (!banned) return prompt;
  throw new Refusal(
    'banned_prompt',
    `The prompt has the word "${banned}", which this service does not allow. Nothing was charged.`,
  );
}

/**
 * @param sent what goes to Midjourney: the prompt with all that is put before and behind it
 * @throws {Refusal} `invalid_request` when Discord would not take it.
 */
export function refuseTooLong(sent: string, { marked }: { marked: boolean }): void {
  const length = sent.length + (marked ? markerLength : 0);
  const tooMany = length - longestOption;
  if (tooMany <= 0) return;
  throw invalidField(
    'prompt',
    `is ${tooMany} ${tooMany === 1 ? 'character' : 'characters'} too long: with all that is sent with it, it has ${length}, and Discord takes ${longestOption} (an emoji counts two or more)`,
  );
}
