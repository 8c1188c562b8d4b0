import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse, populate } from 'dotenv';
import { Complaint } from './complaint.ts';

/** The folder of the project. Relative paths in the configuration are relative to it. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/**
 * Adds the variables of `.env` to the environment. Existing variables win; empty ones count as not set.
 * @throws Complaint for a line that cannot be read, which otherwise would silently mean the default
 */
export function loadEnvironmentFile(env: NodeJS.ProcessEnv, file = path.join(projectRoot, '.env')): void {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new Complaint(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
  const unreadable = findUnreadableLine(text);
  if (unreadable !== undefined) {
    throw new Complaint(
      `${file} line ${unreadable} cannot be read: expected NAME=value, a # comment or an empty line`,
    );
  }
  populate(env, parse(text));
}

/** The number of the first line that dotenv would silently skip, or whose quote is never closed. */
export function findUnreadableLine(text: string): number | undefined {
  const lines = text.split(/\r\n?|\n/);
  for (let next = 0; next < lines.length; ) {
    const first = next;
    let statement = lines[next++] ?? '';
    if (/^\s*(#|$)/.test(statement)) continue;
    // A quoted value may span several lines.
    while (hasOpenQuote(statement) && next < lines.length) statement += `\n${lines[next++]}`;
    if (hasOpenQuote(statement) || Object.keys(parse(statement)).length !== 1) return first + 1;
  }
  return undefined;
}

/** dotenv removes quotes only if they are closed. */
function hasOpenQuote(statement: string): boolean {
  return Object.values(parse(statement)).some((value) => /^["'`]/.test(value));
}

/** `DATA_DIR`, the folder for everything that is kept between runs. */
export function dataDirectory(env: NodeJS.ProcessEnv): string {
  return path.resolve(projectRoot, env.DATA_DIR || '.data');
}
