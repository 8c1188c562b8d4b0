import sharp, { type Metadata, type Sharp } from 'sharp';
import { decodingBytes, longestSide, mostDecodingBytes } from '../../pictures/decoding.ts';
import { contentTypeOf, type PictureExtension, pictureExtension } from '../../pictures/picture-format.ts';
import { Refusal } from '../refusal.ts';

/** A picture as it goes to Discord: pixels, and nothing else that was in the client's file. */
export interface CleanPicture {
  bytes: Buffer;
  extension: string;
  contentType: string;
}

export interface PictureLimits {
  /** Of all frames together. A file of a few kilobytes may need gigabytes to be decoded. */
  maxPixels: number;
  maxBytes: number;
}

/** All frames of an animation together. */
export const mostUploadPixels = 50_000_000;
const mostFrames = 1_000;
const secondsToDecode = 30;

/** At the first, no loss can be seen. The second is for pictures that would be too large otherwise. */
const qualities = [90, 75];

/** How each format that may be uploaded is encoded. */
const encoders = {
  png: (picture: Sharp) => picture.png(),
  // Optimised coding keeps all coefficients in memory: 6 bytes for each pixel.
  jpg: (picture: Sharp, quality: number) => picture.jpeg({ quality, optimiseCoding: false }),
  webp: (picture: Sharp, quality: number) => picture.webp({ quality }),
  gif: (picture: Sharp) => picture.gif({ effort: 4 }),
} satisfies Partial<Record<PictureExtension, (picture: Sharp, quality: number) => Sharp>>;
type Uploadable = keyof typeof encoders;

/**
 * Decodes an uploaded picture by its bytes, whatever its name says, and encodes it again in the same format: without
 * the location of the camera, or whatever else a file can carry besides its pixels. It is rotated upright, because the
 * note that says how to rotate it is dropped too. An animation stays one.
 * @throws {Refusal} `unsupported_image` for what is no picture, or a damaged one; `too_large`.
 */
export function createPictureCleaner(limits: PictureLimits): (bytes: Buffer) => Promise<CleanPicture> {
  return (bytes) => cleanPicture(bytes, limits);
}

async function cleanPicture(bytes: Buffer, { maxPixels, maxBytes }: PictureLimits): Promise<CleanPicture> {
  // Only these four formats reach the decoder, which knows many more.
  const extension = pictureExtension(bytes);
  if (!isUploadable(extension))
    throw new Refusal('unsupported_image', 'The file is not a png, jpeg, webp or gif picture.');
  const contentType = contentTypeOf(extension);
  const format = contentType.slice('image/'.length);

  // Reads the header only, without decoding the picture.
  const metadata = await sharp(bytes, { animated: true, limitInputPixels: false })
    .metadata()
    .catch((cause) => {
      throw damaged(format, cause);
    });
  checkSize(metadata, maxPixels);

  for (const quality of qualities) {
    const picture = sharp(bytes, { animated: true, limitInputPixels: maxPixels, failOn: 'error' }).timeout({
      seconds: secondsToDecode,
    });
    const upright = (metadata.pages ?? 1) > 1 ? picture : picture.autoOrient();
    const clean = await encoders[extension](upright, quality)
      .toBuffer()
      .catch((cause) => {
        throw damaged(format, cause);
      });
    if (clean.length <= maxBytes) return { bytes: clean, extension, contentType };
  }
  throw new Refusal('too_large', `The picture is larger than ${maxBytes} bytes.`);
}

function checkSize(metadata: Metadata, maxPixels: number): void {
  const { width, height, pages = 1 } = metadata;
  // All frames are below each other: `height` is that of all together.
  const pixels = width * height;
  if (pixels > maxPixels) {
    throw new Refusal('too_large', `The picture has ${pixels} pixels; it may have ${maxPixels}.`);
  }
  if (pages > mostFrames) {
    throw new Refusal('too_large', `The picture has ${pages} frames; it may have ${mostFrames}.`);
  }
  const side = Math.max(width, metadata.pageHeight ?? height);
  if (side > longestSide) {
    throw new Refusal(
      'too_large',
      `The picture is ${side} pixels long on one side; it may be ${longestSide} pixels wide and high.`,
    );
  }
  if (decodingBytes(metadata) > mostDecodingBytes) {
    throw new Refusal(
      'too_large',
      `A ${metadata.format} picture like this takes too much memory at ${width} × ${metadata.pageHeight ?? height} pixels. Make it smaller, or send it as a plain jpeg or png, not interlaced.`,
    );
  }
}

function damaged(format: string, cause: unknown): Refusal {
  return new Refusal(
    'unsupported_image',
    `The ${format} picture is cut off or damaged. Save it again, and upload the result.`,
    { cause },
  );
}

function isUploadable(extension: PictureExtension | undefined): extension is Uploadable {
  return extension !== undefined && Object.hasOwn(encoders, extension);
}
