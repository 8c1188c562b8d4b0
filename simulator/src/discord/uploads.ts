import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { ByteCache } from '../byte-cache.ts';
import type { Attachment } from './model.ts';

/** A file that a user sent to an upload slot. */
export interface Upload {
  uploadFilename: string;
  filename: string;
  sha256: string;
  size: number;
  contentType: string;
  /** Of images only. */
  width?: number;
  height?: number;
}

/** A file without the id that each message gives it. */
export type File = Omit<Attachment, 'id'>;

export function fileOf({ filename, size, contentType, width, height, sha256 }: Upload): File {
  return { filename, size, contentType, width, height, source: { kind: 'upload', sha256 } };
}

interface Slot {
  filename: string;
  channelId: string;
  upload?: Upload;
}

const maxSlots = 5_000;
const memoryBytes = 128 * 1024 * 1024;

/** The upload slots that Discord hands out and the files put into them. */
export class Uploads {
  readonly #slots = new Map<string, Slot>();
  readonly #inMemory = new ByteCache(memoryBytes);
  readonly #folder: string | undefined;

  /** With a data folder the bytes are kept there, else in memory, the oldest forgotten first. */
  constructor(dataDir: string | undefined) {
    this.#folder = dataDir === undefined ? undefined : join(dataDir, 'uploads');
    if (this.#folder !== undefined) mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** Opens a slot; the answer is what `uploaded_filename` must later say. */
  open(channelId: string, filename: string): string {
    const safeName = filename.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(-100);
    const uploadFilename = `${randomUUID()}/${safeName}`;
    this.#keepSlot(uploadFilename, { filename: safeName, channelId });
    return uploadFilename;
  }

  isOpen(uploadFilename: string): boolean {
    return this.#slots.has(uploadFilename);
  }

  async receive(uploadFilename: string, bytes: Buffer): Promise<Upload | undefined> {
    const slot = this.#slots.get(uploadFilename);
    if (!slot) return undefined;
    slot.upload = { uploadFilename, ...(await this.keep(slot.filename, bytes)) };
    return slot.upload;
  }

  /** Stores the bytes of a file that was sent without a slot. */
  async keep(filename: string, bytes: Buffer): Promise<Omit<Upload, 'uploadFilename'>> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (this.#folder === undefined) this.#inMemory.put(sha256, bytes);
    else writeFileSync(join(this.#folder, sha256), bytes);
    return { filename, sha256, size: bytes.length, ...(await imageFacts(bytes)) };
  }

  find(channelId: string, uploadFilename: string): Upload | undefined {
    const slot = this.#slots.get(uploadFilename);
    return slot?.channelId === channelId ? slot.upload : undefined;
  }

  async bytes(sha256: string): Promise<Buffer | undefined> {
    if (this.#folder === undefined) return this.#inMemory.get(sha256);
    return readFile(join(this.#folder, sha256)).catch(() => undefined);
  }

  #keepSlot(uploadFilename: string, slot: Slot): void {
    this.#slots.set(uploadFilename, slot);
    if (this.#slots.size <= maxSlots) return;
    for (const oldest of this.#slots.keys()) {
      this.#slots.delete(oldest);
      return;
    }
  }
}

async function imageFacts(bytes: Buffer): Promise<Pick<Upload, 'contentType' | 'width' | 'height'>> {
  try {
    const { format, width, height } = await sharp(bytes).metadata();
    return { contentType: `image/${format}`, width, height };
  } catch {
    return { contentType: 'application/octet-stream' };
  }
}
