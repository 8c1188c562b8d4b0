import { statSync } from 'node:fs';
import { readWordList } from '@midjourney-api/shared/config';
import type { Logger } from '@midjourney-api/shared/logger';

export interface BannedWords {
  /** @returns the first banned word or phrase of the list that is in the text, as the list has it. */
  find(text: string): string | undefined;
  /** How many the list has. */
  count(): number;
}

/** Reads the list, and reads it again when the file changed; looks at most once a second. */
export function openBannedWords(path: string, log: Logger, now: () => number = Date.now): BannedWords {
  let patterns: BannedWord[] = [];
  let readAt: number | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;

  const lookAgain = () => {
    if (now() - lookedAt < 1_000) return;
    lookedAt = now();
    try {
      const changedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (changedAt === readAt) return;
      patterns = readWordList(path).map((word) => ({ word, pattern: patternOf(word) }));
      readAt = changedAt;
      log.info({ path, count: patterns.length }, 'read the banned words');
    } catch (err) {
      log.error({ err, path }, 'could not read the banned words; the list as last read stays in force');
    }
  };

  return {
    find(text) {
      lookAgain();
      const folded = fold(text);
      return patterns.find(({ pattern }) => pattern.test(folded))?.word;
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

/** Full-width letters, ligatures and capitals are the same word; invisible characters do not break it up. */
function fold(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/(?=\p{Default_Ignorable_Code_Point})\p{Cf}/gu, '')
    .toLowerCase();
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
