import { readFileSync, statSync } from 'node:fs';
import { ConfigError } from '@midjourney-api/shared/config/config';
import type { Logger } from '@midjourney-api/shared/logging/logger';

interface RereadFile<T> {
  path: string;
  /** What is in the file. @throws when it is broken. */
  read: (text: string) => T;
  /** The setting that names the file. */
  setting: string;
  /** What the file is, such as `list of banned words`. */
  what: string;
  /** What can be done when it cannot be read, as a sentence. */
  advice: string;
}

/**
 * Reads a file that operators edit, and reads it again when it has changed, which is checked at most once a second. A
 * file that can no longer be read changes nothing.
 * @returns what is in the file now.
 * @throws {ConfigError} when it cannot be read at the start: otherwise nobody would notice that nothing is checked.
 */
export function openRereadFile<T>(
  { path, read, setting, what, advice }: RereadFile<T>,
  log: Logger,
  now: () => number,
): () => T {
  let changedAt = 0;
  let content = firstRead();
  let lookedAt = now();

  function firstRead(): T {
    try {
      changedAt = statSync(path).mtimeMs;
      return read(readFileSync(path, 'utf8'));
    } catch (error) {
      throw new ConfigError(`${setting}: the ${what} cannot be read (${reasonOf(error)}). ${advice}`);
    }
  }

  return function present() {
    if (now() - lookedAt < 1_000) return content;
    lookedAt = now();
    try {
      const { mtimeMs } = statSync(path);
      if (mtimeMs === changedAt) return content;
      const text = readFileSync(path, 'utf8');
      // A broken file is read once, not every second.
      changedAt = mtimeMs;
      content = read(text);
      log.info({ path }, `read the ${what} again`);
    } catch (error) {
      log.error(
        { path, reason: reasonOf(error) },
        `could not read the ${what}; it stays as it was last read`,
      );
    }
    return content;
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
