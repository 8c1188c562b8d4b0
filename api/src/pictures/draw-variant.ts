import sharp, { type Metadata, type Region, type Sharp } from 'sharp';
import { Refusal } from '../commands/refusal.ts';
import { decodingBytes, mostDecodingBytes } from './decoding.ts';
import { cutBytes, cutMoving } from './moving.ts';
import type { PictureExtension } from './picture-format.ts';

/** A picture made of a stored one: a quarter of a grid, a smaller one, its first frame, or several of these. */
export interface Variant {
  /** 1 to 4, in reading order. */
  part?: number | undefined;
  /** Pixels, one of the steps. */
  width?: number | undefined;
  /** Only the first frame of what moves. */
  still?: boolean | undefined;
}

/** A part is as good as its original; what is smaller is small in bytes too. */
export function variantExtension({ width }: Variant, original: PictureExtension): PictureExtension {
  return width === undefined && (original === 'png' || original === 'jpg') ? original : 'webp';
}

/** A picture that variants are made of, one after the other. */
export interface Source {
  bytes: Buffer;
  /** Of a webp, which libvips decodes whole: once for all of its parts. */
  pixels?: ReturnType<typeof decode>;
}

const mostPixels = 100_000_000;
const secondsToDraw = 20;

/** @throws {Refusal} not_found, when it takes too much memory or time. */
export async function drawVariant(
  source: Source,
  variant: Variant,
  extension: PictureExtension,
): Promise<Buffer> {
  return draw(source, variant, extension).catch((cause) => {
    throw cause instanceof Error && cause.name === 'TimeoutError' ? tooLarge() : cause;
  });
}

async function draw(
  source: Source,
  { part, width, still }: Variant,
  extension: PictureExtension,
): Promise<Buffer> {
  const whole = await sharp(source.bytes, { animated: still !== true, limitInputPixels: false }).metadata();
  const quality = width === undefined ? 95 : 80;
  const region = part === undefined ? undefined : quarterOf(whole, part);
  if ((whole.pages ?? 1) > 1 && whole.pageHeight !== undefined) {
    if (source.bytes.length + cutBytes(whole, { region, width }) > mostDecodingBytes) throw tooLarge();
    return cutMoving(source.bytes, whole, { region, width }, { quality, seconds: secondsToDraw });
  }
  if (source.bytes.length + decodingBytes(whole) > mostDecodingBytes) throw tooLarge();
  let picture = region ? (await open(source, whole)).extract(region) : firstFrame(source.bytes);
  if (width !== undefined) picture = picture.resize({ width, withoutEnlargement: true });
  switch (extension) {
    case 'png':
      // Nearly as fast as the defaults, and half as large.
      return picture.png({ compressionLevel: 3, adaptiveFiltering: true }).toBuffer();
    case 'jpg':
      return picture.jpeg({ quality: 95, optimiseCoding: false }).toBuffer();
    default:
      // Twice as fast as the default, and not larger.
      return picture.webp({ quality, effort: 2 }).toBuffer();
  }
}

async function open(source: Source, { format }: Metadata): Promise<Sharp> {
  if (format !== 'webp') return firstFrame(source.bytes);
  source.pixels ??= decode(source.bytes);
  const { data, info } = await source.pixels;
  const { width, height, channels } = info;
  return sharp(data, { raw: { width, height, channels } }).timeout({ seconds: secondsToDraw });
}

function decode(bytes: Buffer) {
  return firstFrame(bytes).raw().toBuffer({ resolveWithObject: true });
}

/** The picture itself, where it does not move. */
function firstFrame(bytes: Buffer): Sharp {
  return sharp(bytes, { limitInputPixels: mostPixels }).timeout({ seconds: secondsToDraw });
}

/** Of each frame, where there are several below each other. */
function quarterOf({ width, height, pageHeight = height }: Metadata, part: number): Region {
  const quarter = { width: Math.floor(width / 2), height: Math.floor(pageHeight / 2) };
  const left = part % 2 === 0 ? width - quarter.width : 0;
  const top = part > 2 ? pageHeight - quarter.height : 0;
  return { left, top, ...quarter };
}

function tooLarge(): Refusal {
  return new Refusal(
    'not_found',
    'The picture is too large to be made smaller here. Take it whole, without part and w.',
  );
}
