const contentTypes = {
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  mp4: 'video/mp4',
  webm: 'video/webm',
} as const;

export type PictureExtension = keyof typeof contentTypes;

export function contentTypeOf(extension: PictureExtension): string {
  return contentTypes[extension];
}

export function isPictureExtension(text: string): text is PictureExtension {
  return Object.hasOwn(contentTypes, text);
}

/** What a file is by its first bytes, whatever its name says; undefined for what Midjourney never makes. */
export function pictureExtension(bytes: Buffer): PictureExtension | undefined {
  const start = bytes.toString('latin1', 0, 12);
  if (start.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (start.startsWith('\xff\xd8\xff')) return 'jpg';
  if (/^RIFF.{4}WEBP/s.test(start)) return 'webp';
  if (/^GIF8[79]a/.test(start)) return 'gif';
  if (/^.{4}ftyp/s.test(start)) return 'mp4';
  if (start.startsWith('\x1a\x45\xdf\xa3')) return 'webm';
  return undefined;
}
