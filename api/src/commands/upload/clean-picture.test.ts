import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { createPictureCleaner } from './clean-picture.ts';

const clean = createPictureCleaner({ maxPixels: 1_000_000, maxBytes: 1_000_000 });
const formats = ['png', 'jpeg', 'webp', 'gif'] as const;

const picture = (width = 60, height = 40) =>
  sharp({ create: { width, height, channels: 3, background: 'teal' } });

/** Not compressible, so that a part of the file is a part of the picture. */
const noise = (width = 300, height = 200) =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: 'gray',
      noise: { type: 'gaussian', mean: 128, sigma: 50 },
    },
  });

async function animation(format: 'gif' | 'webp', frames = 3): Promise<Buffer> {
  const pages = await Promise.all(
    Array.from({ length: frames }, (_, i) =>
      sharp({ create: { width: 20, height: 10, channels: 3, background: { r: 80 * i, g: 0, b: 0 } } })
        .png()
        .toBuffer(),
    ),
  );
  return sharp(pages, { join: { animated: true } })
    .toFormat(format, { delay: pages.map((_, i) => 100 * (i + 1)), loop: 2 })
    .toBuffer();
}

describe('takes by its bytes', () => {
  test.each(formats)('a %s', async (format) => {
    const { bytes, contentType, extension } = await clean(await picture().toFormat(format).toBuffer());
    expect(contentType).toBe(`image/${format}`);
    expect(extension).toBe(format === 'jpeg' ? 'jpg' : format);
    const { format: written, width, height } = await sharp(bytes).metadata();
    expect([written, width, height]).toEqual([format, 60, 40]);
    const { dominant } = await sharp(bytes).stats();
    expect([dominant.r < 20, Math.abs(dominant.g - 128) < 20]).toEqual([true, true]);
  });

  test.each(['gif', 'webp'] as const)('an animated %s, which stays one', async (format) => {
    const { bytes } = await clean(await animation(format));
    const { pages, pageHeight, delay, loop } = await sharp(bytes, { animated: true }).metadata();
    expect({ pages, pageHeight, delay, loop }).toEqual({
      pages: 3,
      pageHeight: 10,
      delay: [100, 200, 300],
      loop: 2,
    });
  });
});

describe('leaves out', () => {
  const secret = 'taken at home, 48.2082 N 16.3738 E';
  const tags = { IFD0: { Copyright: secret }, IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 12/1 29/1' } };

  test.each(['jpeg', 'png', 'webp'] as const)(
    'what a %s reveals of location, camera and owner',
    async (format) => {
      const photo = await noise()
        .withExif(tags)
        .withXmp(`<x:xmpmeta>${secret}</x:xmpmeta>`)
        .toFormat(format)
        .toBuffer();
      expect(photo.includes(secret)).toBe(true);
      const { bytes } = await clean(photo);
      expect(bytes.includes('48.2082')).toBe(false);
      const { exif, xmp, iptc, icc } = await sharp(bytes).metadata();
      expect([exif, xmp, iptc, icc]).toEqual([undefined, undefined, undefined, undefined]);
    },
  );

  test('what follows the picture in the file', async () => {
    const { bytes } = await clean(Buffer.concat([await picture().png().toBuffer(), Buffer.from(secret)]));
    expect(bytes.includes('48.2082')).toBe(false);
  });

  test('the orientation of a photo, and rotates it', async () => {
    const photo = await picture(60, 40).withExif(tags).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { width, height, orientation } = await sharp((await clean(photo)).bytes).metadata();
    expect([width, height, orientation]).toEqual([40, 60, undefined]);
  });
});

describe('does not take', () => {
  const refusal = async (bytes: Buffer, cleaner = clean) =>
    cleaner(bytes).then(
      () => 'taken',
      ({ code, message }) => ({ code, message }),
    );

  test.each<[string, () => Promise<Buffer>]>([
    ['nothing', async () => Buffer.alloc(0)],
    ['text', async () => Buffer.from('a cat')],
    ['svg', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')],
    ['a program', async () => Buffer.from('MZ\x90\0', 'latin1')],
    ['tiff', () => picture().tiff().toBuffer()],
    ['avif', () => picture().avif().toBuffer()],
  ])('%s', async (_title, bytes) => {
    expect(await refusal(await bytes())).toEqual({
      code: 'unsupported_image',
      message: 'The file is not a png, jpeg, webp or gif picture.',
    });
  });

  test.each(formats.flatMap((format) => [0.1, 0.5, 0.95].map((share) => [format, share] as const)))(
    'a %s that ends after %f of it',
    async (format, share) => {
      const whole = await noise().toFormat(format).toBuffer();
      expect(await refusal(whole.subarray(0, whole.length * share))).toEqual({
        code: 'unsupported_image',
        message: `The ${format} picture is cut off or damaged. Save it again, and upload the result.`,
      });
    },
  );

  test.each(formats)('a %s that is only its signature', async (format) => {
    const whole = await picture().toFormat(format).toBuffer();
    expect(await refusal(Buffer.concat([whole.subarray(0, 12), Buffer.alloc(500, 7)]))).toMatchObject({
      code: 'unsupported_image',
    });
  });

  test('a small file that is a huge picture, and does not decode it to know', async () => {
    const bomb = await sharp({ create: { width: 4_000, height: 4_000, channels: 3, background: 'white' } })
      .png({ palette: true, colours: 2 })
      .toBuffer();
    expect(bomb.length).toBeLessThan(20_000);
    expect(await refusal(bomb)).toEqual({
      code: 'too_large',
      message: 'The picture has 16000000 pixels; it may have 1000000.',
    });
    // Says that it is larger than anything: 2^31 - 1 pixels wide and high, with nothing behind it.
    const header = Buffer.from(bomb);
    header.writeUInt32BE(2 ** 31 - 1, 16);
    header.writeUInt32BE(2 ** 31 - 1, 20);
    expect(await refusal(header)).toMatchObject({
      code: expect.stringMatching(/^(too_large|unsupported_image)$/),
    });
  });

  test('an animation of more pixels than may be, each frame of few', async () => {
    const tight = createPictureCleaner({ maxPixels: 500, maxBytes: 1_000_000 });
    expect(await refusal(await animation('gif', 2), tight)).toBe('taken');
    expect(await refusal(await animation('gif', 3), tight)).toMatchObject({ code: 'too_large' });
  });

  test('more bytes than may be, once it is written again', async () => {
    const tight = createPictureCleaner({ maxPixels: 1_000_000, maxBytes: 5_000 });
    expect(await refusal(await noise().png().toBuffer(), tight)).toMatchObject({
      code: 'too_large',
    });
  });
});

test('the process does other work meanwhile', async () => {
  const large = createPictureCleaner({ maxPixels: 50_000_000, maxBytes: 50_000_000 });
  const photo = await noise(3_000, 3_000).jpeg().toBuffer();
  let ticks = 0;
  const ticking = setInterval(() => ticks++, 5);
  await Promise.all([large(photo), large(photo), large(photo)]);
  clearInterval(ticking);
  expect(ticks).toBeGreaterThan(10);
});
