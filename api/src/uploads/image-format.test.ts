import sharp from 'sharp';
import { expect, test } from 'vitest';
import { imageFormatOf } from './image-format.ts';

const picture = () => sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } });

test.each(['png', 'jpeg', 'webp', 'gif'] as const)('knows a %s by its bytes', async (format) => {
  const known = await imageFormatOf(await picture().toFormat(format).toBuffer());
  expect(known?.contentType).toBe(`image/${format}`);
});

test.each<[string, () => Promise<Buffer>]>([
  ['nothing', async () => Buffer.alloc(0)],
  ['text', async () => Buffer.from('a cat')],
  ['svg', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')],
  ['tiff', () => picture().tiff().toBuffer()],
  ['avif', () => picture().avif().toBuffer()],
  ['a png that is none', async () => Buffer.from('\x89PNG\r\n\x1a\nnot a picture', 'latin1')],
])('does not take %s', async (_title, bytes) => {
  expect(await imageFormatOf(await bytes())).toBeUndefined();
});
