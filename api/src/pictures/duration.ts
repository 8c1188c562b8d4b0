import sharp from 'sharp';
import type { PictureExtension } from './picture-format.ts';

/** How long a video or a moving picture is, in milliseconds; null for a still picture, or a file that does not say it. */
export async function durationOf(bytes: Buffer, extension: PictureExtension): Promise<number | null> {
  switch (extension) {
    case 'mp4':
      return durationOfMp4(bytes);
    case 'webp':
    case 'gif':
      return durationOfFrames(bytes);
    default:
      return null;
  }
}

async function durationOfFrames(bytes: Buffer): Promise<number | null> {
  // Reads the headers of the frames and decodes none. A damaged file is kept as it came, like any other.
  const found = await sharp(bytes, { animated: true, limitInputPixels: false })
    .metadata()
    .catch(() => undefined);
  const sum = (found?.delay ?? []).reduce((total, ms) => total + ms, 0);
  return (found?.pages ?? 1) > 1 && sum > 0 ? sum : null;
}

/** As the movie header (`mvhd`) says: ISO/IEC 14496-12, 8.2.2. */
function durationOfMp4(bytes: Buffer): number | null {
  const movie = findBox(bytes, 'moov');
  const header = movie && findBox(movie, 'mvhd');
  if (!header || header.length < 20) return null;
  // Version 1 has times of 64 bits.
  const isLong = header[0] === 1;
  if (isLong && header.length < 32) return null;
  const unitsPerSecond = header.readUInt32BE(isLong ? 20 : 12);
  const units = isLong ? Number(header.readBigUInt64BE(24)) : header.readUInt32BE(16);
  const isUnknown = units === 0 || units === (isLong ? 2 ** 64 : 2 ** 32 - 1) || unitsPerSecond === 0;
  const ms = isUnknown ? 0 : Math.round((units / unitsPerSecond) * 1_000);
  return ms > 0 && ms <= longestMs ? ms : null;
}

/** A day: a file that says more is damaged. */
const longestMs = 24 * 60 * 60 * 1_000;

/** The content of the first box of this type. */
function findBox(bytes: Buffer, wanted: string): Buffer | undefined {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const announced = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    // 1: a size of 64 bits follows the type; 0: the box extends to the end.
    const headerSize = announced === 1 ? 16 : 8;
    if (at + headerSize > bytes.length) return undefined;
    const size =
      announced === 1
        ? Number(bytes.readBigUInt64BE(at + 8))
        : announced === 0
          ? bytes.length - at
          : announced;
    if (size < headerSize) return undefined;
    if (type === wanted) return bytes.subarray(at + headerSize, at + size);
    at += size;
  }
  return undefined;
}
