import sharp from 'sharp';

const formats = {
  png: { extension: 'png', contentType: 'image/png' },
  jpeg: { extension: 'jpg', contentType: 'image/jpeg' },
  webp: { extension: 'webp', contentType: 'image/webp' },
  gif: { extension: 'gif', contentType: 'image/gif' },
} as const;

export type ImageFormat = (typeof formats)[keyof typeof formats];

/** The format of a picture by its bytes, whatever its name says; undefined for what Discord would not show. */
export async function imageFormatOf(bytes: Buffer): Promise<ImageFormat | undefined> {
  const format = signatureOf(bytes);
  // Only what looks like one of the four reaches the decoder, which knows many more.
  if (!format) return undefined;
  try {
    const { format: decoded } = await sharp(bytes).metadata();
    return decoded === format ? formats[format] : undefined;
  } catch {
    return undefined;
  }
}

function signatureOf(bytes: Buffer): keyof typeof formats | undefined {
  const start = bytes.toString('latin1', 0, 12);
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (start.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (/^RIFF.{4}WEBP/s.test(start)) return 'webp';
  if (/^GIF8[79]a/.test(start)) return 'gif';
  return undefined;
}
