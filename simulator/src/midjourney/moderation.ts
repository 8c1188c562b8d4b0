import type { Fate, Privacy } from './jobs.ts';
import { type Refusal, refusals } from './refusals.ts';

/**
 * Words that make the simulated Midjourney refuse, hide or fail a prompt, so that every such ending can be tried
 * by hand. They count as whole words, in any case.
 */
const bannedWords = ['forbiddenword', 'gorefest', 'bloodbath'];
const borderlineWord = 'borderlineword';

const fateWords = {
  stopmidway: 'stop_midway',
  vanishmidway: 'delete_midway',
  neverstart: 'never_start',
  filteredmidway: 'filter_midway',
  brokenmidway: 'break_midway',
} as const;

const privacyWords = { softlymoderated: 'start', softlyhidden: 'picture' } as const;

/** Why a prompt is not drawn. */
export function objectionTo(prompt: string): Refusal | undefined {
  const words = wordsOf(prompt);
  const banned = bannedWords.find((word) => words.has(word));
  if (banned !== undefined) return refusals.bannedPrompt(banned);
  return words.has(borderlineWord) ? refusals.appeal() : undefined;
}

export function fateOf(prompt: string): Fate {
  return meaningOf(fateWords, prompt) ?? 'finish';
}

export function privacyOf(prompt: string): Privacy | undefined {
  return meaningOf(privacyWords, prompt);
}

function meaningOf<T>(meanings: Record<string, T>, prompt: string): T | undefined {
  const words = wordsOf(prompt);
  return Object.entries(meanings).find(([word]) => words.has(word))?.[1];
}

function wordsOf(prompt: string): Set<string> {
  return new Set(prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}
