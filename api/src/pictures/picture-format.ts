interface PictureKind {
  contentType: string;
  /** Whether a file is of this kind, by its first twelve bytes. */
  isBegunBy(start: string): boolean;
}

/** Every kind of file that Midjourney makes or takes, by its usual extension. */
const kinds = {
  png: { contentType: 'image/png', isBegunBy: (start) => start.startsWith('\x89PNG\r\n\x1a\n') },
  webp: { contentType: 'image/webp', isBegunBy: (start) => /^RIFF.{4}WEBP/s.test(start) },
  jpg: { contentType: 'image/jpeg', isBegunBy: (start) => start.startsWith('\xff\xd8\xff') },
  gif: { contentType: 'image/gif', isBegunBy: (start) => /^GIF8[79]a/.test(start) },
  mp4: { contentType: 'video/mp4', isBegunBy: (start) => /^.{4}ftyp/s.test(start) },
  webm: { contentType: 'video/webm', isBegunBy: (start) => start.startsWith('\x1a\x45\xdf\xa3') },
} satisfies Record<string, PictureKind>;

export type PictureExtension = keyof typeof kinds;

const extensions = Object.keys(kinds).filter(isPictureExtension);

export const pictureContentTypes = extensions.map(contentTypeOf);

export function contentTypeOf(extension: PictureExtension): string {
  return kinds[extension].contentType;
}

export function isPictureExtension(text: string): text is PictureExtension {
  return Object.hasOwn(kinds, text);
}

/** What a file is by its first bytes, whatever its name says; undefined for what Midjourney never makes. */
export function pictureExtension(bytes: Buffer): PictureExtension | undefined {
  const start = bytes.toString('latin1', 0, 12);
  return extensions.find((extension) => kinds[extension].isBegunBy(start));
}
