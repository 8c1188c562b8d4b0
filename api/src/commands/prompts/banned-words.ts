import { readFileSync, statSync } from 'node:fs';
import { ConfigError } from '@midjourney-api/shared/config/config';
import type { Logger } from '@midjourney-api/shared/logging/logger';

export interface BannedWords {
  /** @returns the first banned word or phrase of the list that is in the text, as the list has it. */
  find(text: string): string | undefined;
  /** How many the list has. */
  count(): number;
}

/**
 * Reads the list, and reads it again when the file changed; looks at most once a second.
 * @throws {ConfigError} when it cannot be read at first: nobody would notice that nothing is refused.
 */
export function openBannedWords(path: string, log: Logger, now: () => number = Date.now): BannedWords {
  let patterns: BannedWord[] = [];
  let readAt: number | undefined;
  let lookedAt = now();

  const read = () => {
    const changedAt = statSync(path).mtimeMs;
    if (changedAt === readAt) return;
    patterns = readWordList(path).map((word) => ({ word, pattern: patternOf(word) }));
    readAt = changedAt;
    log.info({ path, count: patterns.length }, 'read the banned words');
  };
  const lookAgain = () => {
    if (now() - lookedAt < 1_000) return;
    lookedAt = now();
    try {
      read();
    } catch (err) {
      log.error({ err, path }, 'could not read the banned words; the list as last read stays in force');
    }
  };

  try {
    read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError(
      `BANNED_WORDS_FILE: the list of banned words cannot be read (${why}). An empty file turns the check off.`,
    );
  }
  return {
    find(text) {
      lookAgain();
      const spellings = foldings(text);
      return patterns.find(({ pattern }) => spellings.some((folded) => pattern.test(folded)))?.word;
    },
    count() {
      lookAgain();
      return patterns.length;
    },
  };
}

interface BannedWord {
  word: string;
  pattern: RegExp;
}

/** One word or phrase a line; `#` starts a comment. */
function readWordList(path: string): string[] {
  return readFileSync(path, 'utf8')
    .split(/\r?\n/)
    .map((line) => line.replace(/#.*/, '').trim())
    .filter(Boolean);
}

/** Nothing is seen of them, or a blank: variation selectors, the grapheme joiner, Hangul fillers, the empty Braille cell. */
const invisible = /[\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Full-width letters, ligatures and capitals are the same word; invisible characters do not break it up. */
function fold(text: string, instead = ''): string {
  return text.normalize('NFKC').replace(invisible, instead).toLowerCase();
}

/** The two ways in which a text with invisible characters is read: as if they were nothing, or blanks. */
function foldings(text: string): string[] {
  return [...new Set([fold(text), fold(text, ' ')])];
}

/** Scripts written without spaces between words: a word of theirs is found wherever it stands. */
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
