import { z } from '@hono/zod-openapi';
import { Problem } from '../problems/problem.ts';
import { hasAtMost } from '../tasks/task-fields.ts';
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

/** @throws {Problem} 400 when the prompt has a word of the list. */
export function refuseBanned(bannedWords: BannedWords, prompt: string): void {
  const banned = bannedWords.find(prompt);
  if (!banned) return;
  throw new Problem(
    'banned_prompt',
    `The prompt has the word "${banned}", which this service does not allow. Nothing was charged.`,
  );
}
