import sharp, { type Metadata, type Region } from 'sharp';
import { Refusal } from '../commands/refusal.ts';
import { decodeAlone, decodingBytes, mostDecodingBytes, TooManyWaiting } from './decoding.ts';
import { cutBytes, cutMoving } from './moving.ts';
import { originalPath, type PictureFile } from './picture-file.ts';
import { contentTypeOf, type PictureExtension } from './picture-format.ts';
import type { PictureStore, StoredFile } from './picture-store.ts';

/** A picture made of a stored one: a quarter of a grid, a smaller one, its first frame, or several of these. */
export interface Variant {
  /** 1 to 4, in reading order. */
  part?: number | undefined;
  /** Pixels, one of the steps. */
  width?: number | undefined;
  /** Only the first frame of what moves. */
  still?: boolean | undefined;
}

/** So that a picture never has more than a few dozens of variants, whatever is asked for. */
const widths = [64, 128, 256, 384, 512, 768, 1_024, 1_536, 2_048];
export const leastWidth = 32;
export const mostWidth = 2_048;

/** The next larger width that variants are made in; pictures are never enlarged. */
export function widthStep(wanted: number, pictureWidth: number | null): number {
  const needed = Math.min(wanted, pictureWidth ?? mostWidth);
  return widths.find((width) => width >= needed) ?? mostWidth;
}

/** A part is as good as its original; what is smaller is small in bytes too. */
export function variantExtension({ width }: Variant, original: PictureExtension): PictureExtension {
  return width === undefined && (original === 'png' || original === 'jpg') ? original : 'webp';
}

/** The same name for the same variant, always. */
export function variantName({ part, width, still }: Variant): string {
  return [part && `part${part}`, width && `w${width}`, still && 'still'].filter(Boolean).join('-');
}

const mostPixels = 100_000_000;
const secondsToDraw = 20;

/**
 * Opens variants, which are made when they are first asked for, one at a time, and stored beside their original.
 * @returns undefined when the store has lost the original.
 * @throws {Refusal} unavailable, while many others are being made; not_found, when making it takes too much memory.
 */
export function createVariants(
  store: PictureStore,
  onUnstored: (error: unknown) => void,
): (file: PictureFile, variant: Variant) => Promise<StoredFile | undefined> {
  const underWay = new Map<string, Promise<StoredFile | undefined>>();

  async function make(file: PictureFile, variant: Variant, path: string): Promise<StoredFile | undefined> {
    const original = await store.find(originalPath(file));
    if (!original) return undefined;
    const source = Buffer.from(await new Response(await original.read()).arrayBuffer());
    const extension = variantExtension(variant, file.extension);
    const bytes = await draw(source, variant, extension);
    await store.put(path, bytes, contentTypeOf(extension)).catch(onUnstored);
    return inMemory(bytes);
  }

  return async (file, variant) => {
    const path = `${file.folder}${variantName(variant)}.${variantExtension(variant, file.extension)}`;
    const stored = await store.find(path);
    if (stored) return stored;
    const started = underWay.get(path);
    if (started) return started;
    const making = decodeAlone(() => make(file, variant, path))
      .catch((cause) => {
        if (cause instanceof TooManyWaiting) throw tooManyAtOnce(cause);
        throw cause instanceof Error && cause.name === 'TimeoutError' ? tooLarge() : cause;
      })
      .finally(() => underWay.delete(path));
    underWay.set(path, making);
    return making;
  };
}

async function draw(
  source: Buffer,
  { part, width, still }: Variant,
  extension: PictureExtension,
): Promise<Buffer> {
  const whole = await sharp(source, { animated: still !== true, limitInputPixels: false }).metadata();
  const quality = width === undefined ? 95 : 80;
  const region = part === undefined ? undefined : quarterOf(whole, part);
  if ((whole.pages ?? 1) > 1 && whole.pageHeight !== undefined) {
    if (source.length + cutBytes(whole, { region, width }) > mostDecodingBytes) throw tooLarge();
    return cutMoving(source, whole, { region, width }, { quality, seconds: secondsToDraw });
  }
  let picture = sharp(source, { limitInputPixels: mostPixels }).timeout({ seconds: secondsToDraw });
  if (source.length + decodingBytes(whole) > mostDecodingBytes) throw tooLarge();
  if (region) picture = picture.extract(region);
  if (width !== undefined) picture = picture.resize({ width, withoutEnlargement: true });
  switch (extension) {
    case 'png':
      return picture.png().toBuffer();
    case 'jpg':
      return picture.jpeg({ quality: 95, optimiseCoding: false }).toBuffer();
    default:
      return picture.webp({ quality }).toBuffer();
  }
}

/** Of each frame, where there are several below each other. */
function quarterOf({ width, height, pageHeight = height }: Metadata, part: number): Region {
  const quarter = { width: Math.floor(width / 2), height: Math.floor(pageHeight / 2) };
  const left = part % 2 === 0 ? width - quarter.width : 0;
  const top = part > 2 ? pageHeight - quarter.height : 0;
  return { left, top, ...quarter };
}

function tooManyAtOnce(cause: TooManyWaiting): Refusal {
  return new Refusal('unavailable', 'Too many pictures are being made smaller. Try again in a moment.', {
    retryAfter: 3,
    cause,
  });
}

function tooLarge(): Refusal {
  return new Refusal(
    'not_found',
    'The picture is too large to be made smaller here. Take it whole, without part and w.',
  );
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
