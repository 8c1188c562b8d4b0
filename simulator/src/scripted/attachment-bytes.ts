import { createHash } from 'node:crypto';
import { extname } from 'node:path';
import sharp from 'sharp';

const formats: Record<string, 'png' | 'jpeg' | 'webp'> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
};

/**
 * What an attachment of a message that a test wrote holds: its `data` in base64, or a picture of one colour in
 * the size and the format that it says. Other files hold their own name.
 */
export async function bytesForAttachment(filename: string, file: Record<string, unknown>): Promise<Buffer> {
  if (typeof file.data === 'string') return Buffer.from(file.data, 'base64');
  const format = formats[extname(filename).toLowerCase()];
  if (!format) return Buffer.from(filename);
  const [r = 0, g = 0, b = 0] = createHash('sha256').update(filename).digest();
  const width = typeof file.width === 'number' ? file.width : 512;
  const height = typeof file.height === 'number' ? file.height : 512;
  const background = { r, g, b };
  return sharp({ create: { width, height, channels: 3, background } })
    .toFormat(format)
    .toBuffer();
}
