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
  const lines = readLog(file, from).split('\n').filter(Boolean).map(readLogLine);
  const line = lines.find(({ severity }) => severity === 'error') ?? lines.at(-1);
  return `${line?.text ?? 'it said nothing'} (log: ${file})`;
}

export interface LogLine {
  text: string;
  severity: 'error' | 'warning' | 'information';
}

/** pino's lines are JSON with a level, 40 being a warning and 50 an error; other programs write text. */
export function readLogLine(line: string): LogLine {
  try {
    const {
      level = 0,
      msg,
      err,
    } = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
    const parts = [msg, err?.message].filter((part, index, all) => part && all.indexOf(part) === index);
    return {
      text: parts.join(': '),
      severity: level >= 50 ? 'error' : level >= 40 ? 'warning' : 'information',
    };
  } catch {
    const isError = /error|fatal|can't|cannot|failed|no space/i.test(line);
    return { text: line.trim(), severity: isError ? 'error' : 'information' };
  }
}

/** What a log holds from a position on, at most 64 KiB of it. */
export function readLog(file: string, from: number): string {
  const descriptor = openSync(file, 'r');
  try {
    const buffer = Buffer.alloc(Math.max(0, Math.min(fstatSync(descriptor).size - from, 64 * 1024)));
    readSync(descriptor, buffer, 0, buffer.length, from);
    return buffer.toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}
