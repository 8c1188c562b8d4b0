import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';

const LARGEST_LOG_BYTES = 20 * 1024 * 1024;

/** Opens a log to append to, for its owner only. A log that has become large is put aside first, and replaces the last. */
export function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true });
  if (logEnd(file) > LARGEST_LOG_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

/** Where a log ends now: what stands after it later is about what happened since. */
export function logEnd(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** What best says why a program gave up, out of what it logged since `from`. */
export function logComplaint(file: string, from: number): string {
  const lines = readFrom(file, from).split('\n').filter(Boolean).map(readable);
  const line = lines.find(({ isError }) => isError) ?? lines.at(-1);
  return `${line?.text.trim() ?? 'it said nothing'} (log: ${file})`;
}

/** pino's lines are JSON with a level, 50 and above being errors; other programs write text. */
function readable(line: string): { text: string; isError: boolean } {
  try {
    const { level, msg, err } = JSON.parse(line) as {
      level?: number;
      msg?: string;
      err?: { message?: string };
    };
    const text = [msg, err?.message]
      .filter((part, index, parts) => part && parts.indexOf(part) === index)
      .join(': ');
    return { text, isError: (level ?? 0) >= 50 };
  } catch {
    return { text: line, isError: /error|fatal|can't|cannot|failed|no space/i.test(line) };
  }
}

function readFrom(file: string, from: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(Math.max(0, Math.min(fstatSync(descriptor).size - from, 64 * 1024)));
    readSync(descriptor, buffer, 0, buffer.length, from);
    return buffer.toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}
