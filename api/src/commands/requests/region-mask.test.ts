import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { losslessWebp } from '../upload/evil-pictures.fixture.ts';
import { createMask, type NamedRegion } from './region-mask.ts';

const size = { width: 40, height: 20 };

/** Which pixels are white, by columns and rows. */
async function white(region: NamedRegion, format: 'png' | 'webp' = 'png') {
  const mask = await createMask(region, size, format);
  const { data, info } = await sharp(mask).greyscale().raw().toBuffer({ resolveWithObject: true });
  expect(await sharp(mask).metadata()).toMatchObject({ format, ...size });
  const step = info.channels;
  const values = Array.from({ length: size.width * size.height }, (_, at) => data[at * step] ?? 0);
  expect(values.every((value) => value === 0 || value === 255)).toBe(true);
  return (x: number, y: number) => values[y * size.width + x] === 255;
}

const picture = (background: string, { width, height } = size) =>
  sharp({ create: { width, height, channels: 4, background } });
const rightHalf = async (colour: string, scale = 1) => {
  const [width, height] = [size.width * scale, size.height * scale];
  const half = await picture(colour, { width: width / 2, height })
    .png()
    .toBuffer();
  return picture('#000', { width, height }).composite([{ input: half, left: width / 2, top: 0 }]);
};

describe('a mask', () => {
  it.each(['png', 'webp'] as const)('of a file is white where that is, as %s', async (format) => {
    const isWhite = await white({ file: await (await rightHalf('#fff')).png().toBuffer() }, format);
    expect([isWhite(0, 0), isWhite(19, 19), isWhite(20, 0), isWhite(39, 19)]).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it('of another size is made as large as the picture, and greys are one or the other', async () => {
    const file = await (await rightHalf('#c0c0c0', 3)).webp({ lossless: true }).toBuffer();
    const isWhite = await white({ file });
    expect([isWhite(18, 10), isWhite(21, 10)]).toEqual([false, true]);
  });

  it('keeps what is transparent', async () => {
    const file = await picture('rgba(255, 255, 255, 0)')
      .composite([
        { input: await picture('#fff', { width: 5, height: 5 }).png().toBuffer(), left: 3, top: 4 },
      ])
      .png()
      .toBuffer();
    const isWhite = await white({ file });
    expect([isWhite(0, 0), isWhite(3, 4), isWhite(7, 8), isWhite(8, 9)]).toEqual([false, true, true, false]);
  });

  it('of shapes is white within them, to the pixel', async () => {
    const isWhite = await white({
      shapes: [
        { box: { x: 2, y: 3, width: 4, height: 5 } },
        {
          polygon: [
            [20, 0],
            [40, 0],
            [40, 20],
          ],
        },
      ],
    });
    expect([isWhite(2, 3), isWhite(5, 7), isWhite(6, 7), isWhite(5, 8), isWhite(1, 3)]).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect([isWhite(39, 0), isWhite(39, 17), isWhite(21, 10)]).toEqual([true, true, false]);
  });

  it.each([
    ['with nothing white', async () => ({ file: await picture('#000').png().toBuffer() }), 'invalid_request'],
    ['all white', async () => ({ file: await picture('#fff').png().toBuffer() }), 'invalid_request'],
    [
      'beside the picture',
      async () => ({ shapes: [{ box: { x: 50, y: 0, width: 9, height: 9 } }] }),
      'invalid_request',
    ],
    ['that is a jpeg', async () => ({ file: await picture('#fff').jpeg().toBuffer() }), 'unsupported_image'],
    [
      'cut off',
      async () => ({ file: (await (await rightHalf('#fff')).png().toBuffer()).subarray(0, 60) }),
      'unsupported_image',
    ],
    ['that is a bomb', async () => ({ file: losslessWebp(16_000, 16_000) }), 'too_large'],
  ])('is refused %s', async (_what, region, code) => {
    await expect(createMask(await region(), size, 'png')).rejects.toMatchObject({ code });
  });
});
