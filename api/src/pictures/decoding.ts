import pLimit, { type LimitFunction } from 'p-limit';
import sharp, { type Metadata } from 'sharp';
import { Refusal } from '../commands/refusal.ts';

// Each picture is decoded once: a cache would only keep it.
sharp.cache(false);

/** More than that are answered with 503. */
const mostWaiting = { inAll: 100, ofUser: 50 };
const oneAtATime = pLimit(1);
/** The users whose work is being done or waits. */
const queues = new Map<number, { oneAtATime: LimitFunction; length: number }>();
let inHand = 0;

/**
 * Runs one piece of work with decoded pictures at a time, in the whole process: a picture of a few kilobytes may
 * need gigabytes, and many at once would need the sum of it. Round robin among the users, so that nobody waits for
 * all the pictures of somebody else.
 * @throws {Refusal} unavailable, while too many wait.
 */
export async function decodeAlone<T>(userId: number, run: () => Promise<T>): Promise<T> {
  const queue = queues.get(userId) ?? { oneAtATime: pLimit(1), length: 0 };
  if (inHand > mostWaiting.inAll || queue.length > mostWaiting.ofUser) throw tooManyWaiting();
  queues.set(userId, queue);
  queue.length += 1;
  inHand += 1;
  try {
    return await queue.oneAtATime(() => oneAtATime(run));
  } finally {
    inHand -= 1;
    queue.length -= 1;
    if (queue.length === 0) queues.delete(userId);
  }
}

function tooManyWaiting(): Refusal {
  const message = 'Too many pictures are being read. Try again in a moment.';
  return new Refusal('unavailable', message, { retryAfter: 3 });
}

/** webp ends one pixel before; a single row of more than that takes gigabytes, a single column minutes. */
export const longestSide = 16_384;

/**
 * What one picture may take while it is decoded and written again. As much again is for the copies of its file, and
 * for what the allocator keeps: little of it with `MALLOC_TRIM_THRESHOLD_`, which glibc otherwise raises by itself.
 */
export const mostDecodingBytes = 180_000_000;

/**
 * About the bytes that libvips takes for decoding a picture and writing it in its own format. Measured: formats
 * that it reads row by row take next to nothing, however large the picture is.
 */
export function decodingBytes(picture: Metadata): number {
  const { format, width, height, pages = 1, pageHeight = height } = picture;
  return width * (pages > 1 ? pageHeight : height) * bytesPerPixel(picture, format);
}

function bytesPerPixel(
  { channels, depth, isProgressive, orientation, chromaSubsampling }: Metadata,
  format: string,
) {
  const rowByRow = 0.5;
  switch (format) {
    case 'png':
      return isProgressive ? channels * (depth === 'ushort' ? 2 : 1) : rowByRow;
    case 'jpeg': {
      const coefficients = chromaSubsampling === '4:2:0' ? channels : 2 * channels;
      const turned = orientation !== undefined && orientation > 1 ? channels : 0;
      return rowByRow + (isProgressive ? coefficients : 0) + turned;
    }
    case 'webp':
      // Read and written whole, and what it shines through once more.
      return channels > 3 ? 22 : 12;
    default:
      // gif, a frame at a time: its pixels, those of the frame before, and what its writer makes of them.
      return 14.5;
  }
}
