import sharp from 'sharp';
import { decodingBytes, longestSide, mostDecodingBytes } from '../../pictures/decoding.ts';
import { pictureExtension } from '../../pictures/picture-format.ts';
import { invalidField, Refusal } from '../refusal.ts';
import { mostUploadPixels } from '../upload/clean-picture.ts';

/** A part of a picture, in its pixels from the upper left corner. */
type RegionShape =
  | { box: { x: number; y: number; width: number; height: number } }
  | { polygon: [x: number, y: number][] };

/** The part of a picture that is drawn again: as a picture that is white there, or as shapes. */
export type NamedRegion = { file: Buffer } | { shapes: RegionShape[] };

/** The formats in which Midjourney's editor was seen to send masks. */
type MaskFormat = 'png' | 'webp';

/**
 * The mask that Midjourney's editor would send: of the picture's own size, white where it is drawn again, black where
 * it stays, and without any grey.
 * @throws {Refusal} `unsupported_image`, `too_large`; `invalid_request` for a region of nothing or of everything.
 */
export async function createMask(
  region: NamedRegion,
  { width, height }: { width: number; height: number },
  format: MaskFormat,
): Promise<Buffer> {
  if ('file' in region) await checkFile(region.file);
  const source = 'file' in region ? region.file : svgOf(region.shapes, width, height);
  const pixels = await sharp(source, { limitInputPixels: mostUploadPixels, failOn: 'error' })
    .timeout({ seconds: 30 })
    // Transparent parts are not drawn again.
    .flatten({ background: 'black' })
    .resize(width, height, { fit: 'fill', kernel: 'nearest' })
    .greyscale()
    .threshold(128)
    .toColourspace('b-w')
    .raw()
    .toBuffer()
    .catch((cause) => {
      throw damaged(cause);
    });
  if (!pixels.includes(255))
    throw invalidField(
      'mask',
      'has nothing white, so nothing would be drawn again: mark the region in white',
    );
  if (!pixels.includes(0))
    throw invalidField('mask', 'is all white: leave black what stays, or press another variation');
  const mask = sharp(pixels, { raw: { width, height, channels: 1 } });
  return (format === 'png' ? mask.png({ compressionLevel: 9 }) : mask.webp({ lossless: true })).toBuffer();
}

async function checkFile(file: Buffer): Promise<void> {
  const extension = pictureExtension(file);
  if (extension !== 'png' && extension !== 'webp')
    throw new Refusal('unsupported_image', 'The mask is not a png or webp picture.');
  // Reads the header only, without decoding the picture.
  const metadata = await sharp(file, { limitInputPixels: false })
    .metadata()
    .catch((cause) => {
      throw damaged(cause);
    });
  const { width, height } = metadata;
  const isTooLarge =
    width * height > mostUploadPixels ||
    Math.max(width, height) > longestSide ||
    file.length + decodingBytes(metadata) > mostDecodingBytes;
  if (isTooLarge) throw new Refusal('too_large', `The mask is too large: ${width} × ${height} pixels.`);
}

function damaged(cause: unknown): Refusal {
  return new Refusal('unsupported_image', 'The mask is damaged.', { cause });
}

/** Safe to put together as text: shapes consist of numbers only. */
function svgOf(shapes: RegionShape[], width: number, height: number): Buffer {
  const drawn = shapes.map((shape) => {
    if ('polygon' in shape)
      return `<polygon points="${shape.polygon.map((point) => point.join(',')).join(' ')}"/>`;
    const { box } = shape;
    return `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}"/>`;
  });
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" shape-rendering="crispEdges">` +
      `<rect width="${width}" height="${height}" fill="black"/><g fill="white">${drawn.join('')}</g></svg>`,
  );
}
