import { closeSync, createReadStream, existsSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { isRecord } from './discord/form.ts';
import type { Message } from './discord/model.ts';
import type { Job } from './midjourney/jobs.ts';

export interface JournaledAccount {
  userToken: string;
  botToken: string;
  guildId: string;
  channelId: string;
  concurrency: number;
  queueSize: number;
}

export type JournalRecord =
  | { is: 'secret'; secret: string }
  | { is: 'account'; account: JournaledAccount }
  | { is: 'message'; message: Message }
  | { is: 'message_gone'; messageId: string }
  | { is: 'job'; job: Job }
  | { is: 'jobs_forgotten' }
  | { is: 'messages_forgotten' };

const kinds = new Set([
  'secret',
  'account',
  'message',
  'message_gone',
  'job',
  'jobs_forgotten',
  'messages_forgotten',
]);

export interface Journal {
  append(record: JournalRecord): void;
  close(): void;
}

/** A journal that keeps nothing, for a simulator without a data folder. */
export const forgetfulJournal: Journal = { append() {}, close() {} };

/** The path of a data folder's journal. */
export function journalPath(dataDir: string): string {
  return join(dataDir, 'journal.jsonl');
}

/** Reads a journal from its beginning. A line torn by a crash is skipped. */
export async function* readJournal(path: string): AsyncGenerator<JournalRecord> {
  if (!existsSync(path)) return;
  const lines = createInterface({
    input: createReadStream(path, 'utf8'),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  for await (const line of lines) {
    const record = parseLine(line);
    if (record) yield record;
  }
}

/**
 * Writes `state` as a new, short journal in place of the old one and keeps it open for appending.
 * A record is with the operating system when `append` returns, so it outlives SIGKILL.
 */
export function rewriteJournal(dataDir: string, state: Iterable<JournalRecord>): Journal {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = journalPath(dataDir);
  const file = openSync(`${path}.new`, 'w', 0o600);
  const append = (record: JournalRecord) => writeAll(file, Buffer.from(`${JSON.stringify(record)}\n`));
  for (const record of state) append(record);
  renameSync(`${path}.new`, path);
  let open = true;
  return {
    append(record) {
      if (open) append(record);
    },
    close() {
      if (open) closeSync(file);
      open = false;
    },
  };
}

function writeAll(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written);
  }
}

function parseLine(line: string): JournalRecord | undefined {
  try {
    const record = JSON.parse(line);
    return isRecord(record) && kinds.has(String(record.is)) ? asWritten(record) : undefined;
  } catch {
    return undefined;
  }
}

/** Only this program writes the journal, so a complete line has the right shape. */
function asWritten(record: object): JournalRecord {
  return record as JournalRecord;
}
