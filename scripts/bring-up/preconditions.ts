import { once } from 'node:events';
import { existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { Complaint, oneLine } from '../complaint.ts';
import type { StartSettings } from '../start-settings.ts';

/** A new database takes 150 MB; an existing one needs some room. */
const freshSpaceMb = 250;
const leastSpaceMb = 50;

/** A database on a full disk waits for space without saying so. */
export function requireSpace(dataDir: string): void {
  const { bavail, bsize } = statfsSync(dataDir);
  const freeMb = Math.floor((bavail * bsize) / 1_000_000);
  const neededMb = existsSync(path.join(dataDir, 'mysql')) ? leastSpaceMb : freshSpaceMb;
  if (freeMb < neededMb) {
    throw new Complaint(
      `The disk is full: ${freeMb} MB are free for ${dataDir}, ${neededMb} MB are needed; make room, or set DATA_DIR to a folder elsewhere`,
    );
  }
}

export async function requireFreePort({ port, host }: StartSettings): Promise<void> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE') {
      throw new Complaint(
        `Port ${port} is taken: stop what uses it, or choose another one with PORT=${port + 1} npm start`,
      );
    }
    throw new Complaint(`The api cannot listen on ${host}:${port}: ${oneLine(error)}`);
  }
  server.close();
  await once(server, 'close');
}
