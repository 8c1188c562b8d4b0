import { decodeAlone } from './decoding.ts';
import { drawVariant, type Source, type Variant, variantExtension } from './draw-variant.ts';
import { originalPath, type PictureFile } from './picture-file.ts';
import { contentTypeOf } from './picture-format.ts';
import type { PictureStore, StoredFile } from './picture-store.ts';

/** So that a picture never has more than a few dozens of variants, whatever is asked for. */
const widths = [64, 128, 256, 384, 512, 768, 1_024, 1_536, 2_048];
export const leastWidth = 32;
export const mostWidth = 2_048;

/** The next larger width that variants are made in; pictures are never enlarged. */
export function widthStep(wanted: number, pictureWidth: number | null): number {
  const needed = Math.min(wanted, pictureWidth ?? mostWidth);
  return widths.find((width) => width >= needed) ?? mostWidth;
}

/** The same name for the same variant, always. */
export function variantName({ part, width, still }: Variant): string {
  return [part && `part${part}`, width && `w${width}`, still && 'still'].filter(Boolean).join('-');
}

/** @param userId whose picture it is */
export type OpenVariant = (
  file: PictureFile,
  userId: number,
  variant: Variant,
) => Promise<StoredFile | undefined>;

/** Makes one variant of the picture and settles the request for it; never rejects. */
type Work = (source: Promise<Source | undefined>) => Promise<void>;

/**
 * Opens variants, which are made when they are first asked for, of one picture at a time, and stored beside it. All
 * that are wanted of a picture by then are made together: clients ask for the four parts of a grid at once.
 * @returns undefined when the store has lost the original.
 * @throws {Refusal} unavailable, while many others are being made; not_found, when making it takes too much memory.
 */
export function createVariants(store: PictureStore, onUnstored: (error: unknown) => void): OpenVariant {
  const underWay = new Map<string, Promise<StoredFile | undefined>>();
  const worksOf = new Map<string, Work[]>();

  async function read(file: PictureFile): Promise<Source | undefined> {
    const original = await store.find(originalPath(file));
    return original && { bytes: Buffer.from(await new Response(await original.read()).arrayBuffer()) };
  }

  async function makeAll(file: PictureFile, works: Work[]): Promise<void> {
    const source = Promise.resolve(await read(file));
    // What is added meanwhile comes last.
    for (const work of works) await work(source);
    worksOf.delete(file.folder);
  }

  async function make(
    source: Source | undefined,
    file: PictureFile,
    variant: Variant,
    path: string,
  ): Promise<StoredFile | undefined> {
    if (!source) return undefined;
    const extension = variantExtension(variant, file.extension);
    const bytes = await drawVariant(source, variant, extension);
    const isStored = await store.put(path, bytes, contentTypeOf(extension)).then(
      () => true,
      (error) => void onUnstored(error),
    );
    // Those of many pictures would be in memory for as long as slow clients read them.
    return (isStored && (await store.find(path))) || inMemory(bytes);
  }

  /** With the others of the same picture, if there are any. */
  function enqueue(file: PictureFile, userId: number, work: Work): void {
    const others = worksOf.get(file.folder);
    if (others) {
      others.push(work);
      return;
    }
    const works = [work];
    worksOf.set(file.folder, works);
    decodeAlone(userId, () => makeAll(file, works)).catch((cause) => {
      worksOf.delete(file.folder);
      for (const refused of works) void refused(Promise.reject(cause));
    });
  }

  return async (file, userId, variant) => {
    const path = `${file.folder}${variantName(variant)}.${variantExtension(variant, file.extension)}`;
    const stored = await store.find(path);
    if (stored) return stored;
    const started = underWay.get(path);
    if (started) return started;
    const making = new Promise<StoredFile | undefined>((resolve, reject) => {
      enqueue(file, userId, (source) =>
        source.then((read) => make(read, file, variant, path)).then(resolve, reject),
      );
    }).finally(() => underWay.delete(path));
    underWay.set(path, making);
    return making;
  };
}

function inMemory(bytes: Buffer): StoredFile {
  return {
    size: bytes.length,
    read: async (range) => {
      const part = range ? bytes.subarray(range.first, range.last + 1) : bytes;
      return new Blob([new Uint8Array(part)]).stream();
    },
  };
}
