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

/** Opens a log to append to, for its owner only. */
export function openLog(file: string): number {
  mkdirSync(path.dirname(file), { recursive: true });
  return openSync(file, 'a', 0o600);
}

const rotateEveryMs = 5_000;

/** Keeps each log of a folder below about twice its largest size, from now on. Returns how to stop. */
export function keepLogsSmall(folder: string, largestBytes = largestLogBytes): () => void {
  const rotateAll = () => {
    const logs = readdirSync(folder).filter((name) => name.endsWith('.log'));
    for (const name of logs) rotateLog(path.join(folder, name), largestBytes);
  };
  const timer = setInterval(() => {
    try {
      rotateAll();
    } catch {
      // The folder is not there yet, or a log has just gone.
    }
  }, rotateEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Puts a log that has become large aside, replacing the one before. The program that writes it continues in the
 * same file, which is emptied: all of them append. A disk that has no space for two loses the older part.
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
