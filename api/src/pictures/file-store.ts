import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { PictureStore } from './picture-store.ts';

/** Pictures as files in a folder, which several apis may share. It is created with the first picture. */
export function openFileStore(root: string): PictureStore {
  return {
    async put(name, bytes) {
      const target = path.join(root, name);
      await mkdir(path.dirname(target), { recursive: true });
      // A crash leaves an unfinished file under a name that nobody asks for, never under the final one.
      const unfinished = `${target}.${randomUUID()}.part`;
      try {
        await writeDurably(unfinished, bytes);
        await rename(unfinished, target);
      } catch (error) {
        await rm(unfinished, { force: true }).catch(() => {});
        // Removes the folder only if it is empty. Nobody else writes to it: each copy has a folder of its own.
        await rmdir(path.dirname(target)).catch(() => {});
        throw error;
      }
    },

    async find(name) {
      const file = path.join(root, name);
      const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
        throw error;
      });
      if (!found?.isFile()) return undefined;
      return {
        size: found.size,
        read: async (range) => {
          const bytes = createReadStream(file, range && { start: range.first, end: range.last });
          return Readable.toWeb(bytes);
        },
      };
    },

    async removeFolder(folder) {
      await rm(path.join(root, folder), { recursive: true, force: true });
    },
  };
}

/** The file has to survive a power failure right after MySQL says that it is stored. */
async function writeDurably(file: string, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
