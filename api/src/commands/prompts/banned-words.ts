import type { Logger } from '@midjourney-api/shared/logging/logger';
import { openRereadFile } from './reread-file.ts';

export interface BannedWords {
  /** @returns the first banned word or phrase of the list that is in the text, as the list has it. */
  find(text: string): string | undefined;
  /** How many the list has. */
  count(): number;
}

/**
 * Opens the list, which follows changes of the file.
 * @throws {ConfigError} when it cannot be read at the start: otherwise nobody would notice that nothing is refused.
 */
export function openBannedWords(path: string, log: Logger, now: () => number = Date.now): BannedWords {
  const present = openRereadFile(
    {
      path,
      read: (text): BannedWord[] => readWordList(text).map((word) => ({ word, pattern: patternOf(word) })),
      setting: 'BANNED_WORDS_FILE',
      what: 'list of banned words',
      advice: 'An empty file turns the check off.',
    },
    log,
    now,
  );
  log.info({ path, count: present().length }, 'read the banned words');
  return {
    find(text) {
      const spellings = foldings(text);
      return present().find(({ pattern }) => spellings.some((folded) => pattern.test(folded)))?.word;
    },
    count: () => present().length,
  };
}

interface BannedWord {
  word: string;
  pattern: RegExp;
}

/** One word or phrase a line; `#` starts a comment. */
function readWordList(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean);
}

/** Shown as nothing or as a blank: variation selectors, the grapheme joiner, Hangul fillers, the empty Braille cell. */
const invisible = /[\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Full-width letters, ligatures and capitals are the same word; invisible characters do not break it up. */
function fold(text: string, instead = ''): string {
  return text.normalize('NFKC').replace(invisible, instead).toLowerCase();
}

/** A text with invisible characters can be read in two ways: without them, or with blanks in their place. */
function foldings(text: string): string[] {
  return [...new Set([fold(text), fold(text, ' ')])];
}

/** Scripts without spaces between words: their words are found anywhere in a text. */
const unspaced =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u;

function patternOf(word: string): RegExp {
  const folded = fold(word);
  const characters = [...folded];
  const source = folded
    .split(/\s+/)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`))
    .join(String.raw`\s+`);
  const before = unspaced.test(characters.at(0) ?? '') ? '' : String.raw`(?<![\p{L}\p{N}\p{M}])`;
  const after = unspaced.test(characters.at(-1) ?? '') ? '' : String.raw`(?![\p{L}\p{N}\p{M}])`;
  return new RegExp(`${before}${source}${after}`, 'u');
}
