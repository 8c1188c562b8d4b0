import {
  closeSync,
  copyFileSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import path from 'node:path';

const largestLogBytes = 20 * 1024 * 1024;

/** Opens a log for appending, readable by its owner only. */
export function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true });
  return openSync(file, 'a', 0o600);
}

const rotateEveryMs = 5_000;

/** Rotates the logs of a folder from now on, so that each stays below about twice its limit. Returns a function that stops this. */
export function keepLogsSmall(folder: string, largestBytes = largestLogBytes): () => void {
  const rotateAll = () => {
    const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
    for (const name of logs) rotateLog(path.join(folder, name), largestBytes);
  };
  const timer = setInterval(() => {
    try {
      rotateAll();
    } catch {
      // The folder does not exist yet, or a log has just disappeared.
    }
  }, rotateEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Copies a large log to `.log.1` and empties it. Programs keep writing to the same file, because all of them append. On a
 * disk without space for both, the older part is lost.
 */
export function rotateLog(file: string, largestBytes: number): void {
  if (logEnd(file) <= largestBytes) return;
  const aside = `${file}.1`;
  try {
    rmSync(aside, { force: true });
    copyFileSync(file, aside);
  } catch {
    rmSync(aside, { force: true });
  }
  truncateSync(file);
}

/** Where a log ends now, to read later what was added since. */
export function logEnd(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The line that best says why a program gave up, from what it logged since `from`. */
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
      account,
      reason,
      err,
    } = JSON.parse(line) as {
      level?: number;
      msg?: string;
      account?: string;
      reason?: string;
      err?: { message?: string };
    };
    const parts = [account && `account ${account}`, msg, reason, err?.message].filter(
      (part, index, all) => part && all.indexOf(part) === index,
    );
    return {
      text: parts.join(': '),
      severity: level >= 50 ? 'error' : level >= 40 ? 'warning' : 'information',
    };
  } catch {
    const isError = /error|fatal|can't|cannot|failed|no space/i.test(line);
    return { text: line.trim(), severity: isError ? 'error' : 'information' };
  }
}

/** The contents of a log from a position on, at most 64 KiB. */
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
