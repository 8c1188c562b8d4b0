import { writeSync, write as writeTo } from 'node:fs';
import type { DestinationStream } from 'pino';
import { Counter, type Registry } from 'prom-client';

export interface LogOutput extends DestinationStream {
  /** Lines lost so far, and, while writing fails, the code of the error, such as `ENOSPC`. */
  state(): { lostLines: number; failing: string | undefined };
}

const retryMs = 1_000;

/**
 * Writes log lines to a file descriptor without ever blocking or ending the process; pino's own destination does both on
 * a full disk. Lines that arrive during a write are written together. While writing fails, up to `mostBytes` wait for the
 * next attempt; further lines are lost and counted.
 */
export function openLogOutput(fd = 1, mostBytes = 1_000_000): LogOutput {
  let waiting: string[] = [];
  let waitingBytes = 0;
  let writing: Buffer | undefined;
  let failing: string | undefined;
  let lostLines = 0;
  let lostUnreported = 0;

  function takeWaiting(): Buffer {
    const bytes = Buffer.from(waiting.join(''));
    waiting = [];
    waitingBytes = 0;
    return bytes;
  }

  function writeOn(rest: Buffer): void {
    writing = rest;
    writeTo(fd, rest, (error, written) => {
      if (error) {
        failing = error.code ?? 'unknown';
        setTimeout(writeOn, retryMs, rest).unref();
        return;
      }
      failing = undefined;
      if (written < rest.length) return writeOn(rest.subarray(written));
      writing = undefined;
      if (lostUnreported > 0) {
        waiting.push(lossLine(lostUnreported));
        lostUnreported = 0;
      }
      if (waiting.length > 0) writeOn(takeWaiting());
    });
  }

  process.once('exit', () => {
    try {
      writeSync(fd, Buffer.concat([...(failing && writing ? [writing] : []), takeWaiting()]));
    } catch {
      // There is nowhere left to report this.
    }
  });

  return {
    write(line) {
      if (waitingBytes + line.length > mostBytes) {
        lostLines += 1;
        lostUnreported += 1;
        return;
      }
      waiting.push(line);
      waitingBytes += line.length;
      if (!writing) writeOn(takeWaiting());
    },
    state: () => ({ lostLines, failing }),
  };
}

/** A line in pino's form, at the level of a warning. */
function lossLine(lines: number): string {
  const msg = `${lines} log lines were lost here: they could not be written`;
  return `${JSON.stringify({ level: 40, time: new Date().toISOString(), msg })}\n`;
}

/** Adds a counter of lost lines. */
export function countLostLines(registry: Registry, output: LogOutput): void {
  new Counter({
    name: 'midjourney_log_lines_lost_total',
    help: 'Log lines of this process that could not be written, as on a full disk.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(output.state().lostLines);
    },
  });
}
