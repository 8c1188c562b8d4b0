/**
 * Words that make the simulated Midjourney refuse or fail a prompt, so that every such ending can be tried
 * by hand. They count as whole words, in any case.
 */
const BANNED = ['forbiddenword', 'gorefest', 'bloodbath'];

const FATE_WORDS = {
  stopmidway: 'stop_midway',
  vanishmidway: 'delete_midway',
  neverstart: 'never_start',
} as const;

/** What becomes of a job: drawn, or one of the ways in which it fails. */
export type Fate = 'finish' | 'never_start' | 'stop_midway' | 'delete_midway' | 'stall_midway';

export function bannedWord(prompt: string): string | undefined {
  const words = wordsOf(prompt);
  return BANNED.find((banned) => words.has(banned));
}

export function fateOf(prompt: string): Fate {
  const words = wordsOf(prompt);
  for (const [word, fate] of Object.entries(FATE_WORDS)) {
    if (words.has(word)) return fate;
  }
  return 'finish';
}

function wordsOf(prompt: string): Set<string> {
  return new Set(prompt.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}
