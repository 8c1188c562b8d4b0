import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { ServerProcess } from './server-process.ts';

const READY_TIMEOUT_MS = 60_000;
const RETRY_MS = 50;

/** The end of the log when the server was started: what stands after it is about this start. */
export function logEnd(logFile: string): number {
  try {
    return statSync(logFile).size;
  } catch {
    return 0;
  }
}

/**
 * Resolves when `connect` works. A minute covers the recovery of a database that was killed while busy.
 * @throws when the process exits first or the time is over; the message quotes what the server logged
 */
export async function untilReady(server: {
  name: string;
  process: ServerProcess;
  connect: () => Promise<void>;
  logFile: string;
  logFrom: number;
}): Promise<void> {
  let exited = false;
  void server.process.exited.then(() => {
    exited = true;
  });
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    try {
      return await server.connect();
    } catch (error) {
      if (exited)
        throw new Error(`${server.name} did not start: ${complaint(server.logFile, server.logFrom)}`);
      if (Date.now() > deadline) {
        await server.process.stop(2000);
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`${server.name} did not answer within ${READY_TIMEOUT_MS / 1000} s: ${reason}`);
      }
    }
    await Promise.race([server.process.exited, new Promise((resolve) => setTimeout(resolve, RETRY_MS))]);
  }
}

/** The line of the log that says best why the server gave up. */
function complaint(logFile: string, from: number): string {
  const lines = readFrom(logFile, from).split('\n').filter(Boolean);
  const errors = lines.filter((line) => /error|fatal|can't|cannot|failed|no space/i.test(line));
  const line = errors[0] ?? lines.at(-1) ?? 'it said nothing';
  return `${line.trim()} (log: ${logFile})`;
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
