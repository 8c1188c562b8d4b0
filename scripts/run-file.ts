import { linkSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Complaint, oneLine } from './complaint.ts';
import type { DatabaseAccess } from './services/mysql.ts';
import { replacePrivateFile } from './services/private-file.ts';
import { processStartedAt } from './services/process-identity.ts';

/** The addresses and keys of a running copy. */
export interface RunningCopy {
  apiUrl: string;
  /** Of the demo user; there are none in a database that was there before. */
  appKey?: string;
  operatorKey?: string;
  webhookSecret: string;
  db: DatabaseAccess;
  redisUrl: string;
  simulator?: {
    apiUrl: string;
    gatewayUrl: string;
    controlUrl: string;
    userToken: string;
    botToken: string;
    guildId: string;
    channelId: string;
  };
}

/** What a running `npm start` publishes for scripts in `<DATA_DIR>/run.json`. */
export interface RunFile extends RunningCopy {
  /** The running processes: `mysql`, `redis`, `simulator`, and any number of `worker` and `api`. */
  processes: { name: string; pid: number }[];
}

/** Replaces the file atomically. */
export function writeRunFile(dataDir: string, run: RunFile): void {
  replacePrivateFile(runFilePath(dataDir), `${JSON.stringify(run, null, 2)}\n`);
}

export function removeRunFile(dataDir: string): void {
  rmSync(runFilePath(dataDir), { force: true });
}

/** What runs on this data folder; undefined if nothing does, even if a killed process left its file behind. */
export function readRunFile(dataDir: string): RunFile | undefined {
  if (runningOwner(dataDir) === undefined) return undefined;
  try {
    return JSON.parse(readFileSync(runFilePath(dataDir), 'utf8')) as RunFile;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Locks the data folder for this process. Returns a function that unlocks it.
 * @throws Complaint if another running process has it, or it cannot be written to
 */
export function takeDataDirectory(dataDir: string): () => void {
  try {
    return takeOwnership(dataDir);
  } catch (error) {
    if (error instanceof Complaint) throw error;
    throw new Complaint(`The data folder ${dataDir} cannot be used: ${oneLine(error)}`);
  }
}

function takeOwnership(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const owner = runningOwner(dataDir);
  if (owner !== undefined) {
    throw new Complaint(
      `${dataDir} is in use by a copy that is running already (process ${owner}): stop that one, or set DATA_DIR and PORT to others`,
    );
  }
  const file = ownerFilePath(dataDir);
  rmSync(file, { force: true });
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, startedAt: processStartedAt(process.pid) }), {
    mode: 0o600,
  });
  try {
    // Unlike a rename, a link fails when another copy was faster.
    linkSync(draft, file);
  } finally {
    unlinkSync(draft);
  }
  return () => rmSync(file, { force: true });
}

function runningOwner(dataDir: string): number | undefined {
  try {
    const { pid, startedAt } = JSON.parse(readFileSync(ownerFilePath(dataDir), 'utf8')) as Record<
      string,
      unknown
    >;
    if (typeof pid !== 'number' || typeof startedAt !== 'string') return undefined;
    return processStartedAt(pid) === startedAt ? pid : undefined;
  } catch {
    return undefined;
  }
}

function runFilePath(dataDir: string): string {
  return path.join(dataDir, 'run.json');
}

function ownerFilePath(dataDir: string): string {
  return path.join(dataDir, 'owner.json');
}
