import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { durationOf } from './duration.ts';

const clip = (seconds: number) =>
  readFile(new URL(`../../../simulator/assets/clips/2-${seconds}s.mp4`, import.meta.url));

const box = (type: string, ...content: Buffer[]) => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + content.reduce((sum, { length }) => sum + length, 0));
  head.write(type, 4, 'latin1');
  return Buffer.concat([head, ...content]);
};
const bits32 = (...numbers: number[]) => {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, at) => {
    bytes.writeUInt32BE(number, at * 4);
  });
  return bytes;
};
/** The head of a film: version, two times, units in a second, duration. */
const short = (unitsPerSecond: number, units: number) => box('mvhd', bits32(0, 7, 7, unitsPerSecond, units));
const long = (unitsPerSecond: number, units: number) =>
  box('mvhd', bits32(0x0100_0000, 0, 7, 0, 7, unitsPerSecond, 0, units));
const film = (head: Buffer) => Buffer.concat([box('ftyp', bits32(1)), box('moov', box('udta'), head)]);

describe('the duration of an mp4', () => {
  it.each([5, 9, 21])('is read from a film of %d seconds', async (seconds) => {
    expect(await durationOf(await clip(seconds), 'mp4')).toBe(seconds * 1_000);
  });

  it.each([
    ['in short times', film(short(600, 3_100)), 5_167],
    ['in long times', film(long(1_000, 9_040)), 9_040],
    ['behind the film', Buffer.concat([box('mdat', Buffer.alloc(99)), film(short(24, 120))]), 5_000],
    [
      'behind a box with a long size',
      Buffer.concat([bits32(1), Buffer.from('mdat'), bits32(0, 20, 0), film(short(1, 13))]),
      13_000,
    ],
    [
      'in a film that is the rest of the file',
      Buffer.concat([bits32(0), film(short(1, 5)).subarray(16)]),
      5_000,
    ],
    ['not at all', box('ftyp'), null],
    ['as unknown', film(short(1_000, 2 ** 32 - 1)), null],
    ['as nothing', film(short(1_000, 0)), null],
    ['in no units', film(short(0, 5)), null],
    ['cut off', film(short(1_000, 5_000)).subarray(0, -6), null],
  ])('is said %s', async (_how, bytes, expected) => {
    expect(await durationOf(bytes, 'mp4')).toBe(expected);
  });

  it('is null, not an error, whatever the bytes are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), fc.nat(40), async (noise, at) => {
        const bytes = Buffer.from(film(long(1_000, 5_000)));
        bytes.set(noise.subarray(0, bytes.length - at), at);
        const found = await durationOf(bytes, 'mp4');
        expect(found === null || found > 0).toBe(true);
      }),
    );
  });
});

describe('the duration of a picture', () => {
  const frames = async (delay: number[]) => {
    const raw = { width: 8, height: 8 * delay.length, pageHeight: 8, channels: 3 as const };
    const bytes = Buffer.alloc(8 * 8 * 3 * delay.length).map((_, at) => at % 251);
    return sharp(bytes, { raw }).webp({ delay, lossless: true }).toBuffer();
  };

  it('that moves is that of its frames together', async () => {
    expect(await durationOf(await frames([400, 417, 4_183]), 'webp')).toBe(5_000);
  });

  it.each(['webp', 'png', 'jpg'] as const)('of one frame as %s: none', async (extension) => {
    const still = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } });
    const bytes = await still.toFormat(extension === 'jpg' ? 'jpeg' : extension).toBuffer();
    expect(await durationOf(bytes, extension)).toBeNull();
  });

  it('that is damaged is none', async () => {
    expect(await durationOf(Buffer.from('RIFF....WEBP'), 'webp')).toBeNull();
  });
});
