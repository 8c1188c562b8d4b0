import { crc32, createDeflate } from 'node:zlib';
import sharp from 'sharp';

/** Small files that are large pictures, by their names. */
export async function evilPictures(): Promise<Record<string, Buffer>> {
  const photo = (side: number) =>
    sharp({ create: { width: side, height: side, channels: 3, background: 'teal' } });
  const bomb = pngChunk('zTXt', Buffer.concat([Buffer.from('x\0\0'), await deflatedZeros(7_900_000)]));
  const frames = await Promise.all(
    Array.from({ length: 4 }, (_, i) =>
      sharp({ create: { width: 3_500, height: 3_500, channels: 3, background: { r: i, g: 0, b: 0 } } })
        .png({ compressionLevel: 1 })
        .toBuffer(),
    ),
  );
  const animation = sharp(frames, { join: { animated: true }, limitInputPixels: false });
  return {
    'a row of 49,999,999 pixels': await png({ width: 49_999_999, height: 1, depth: 1, colour: 'gray' }),
    'a column of 49,999,999 pixels': await png({ width: 1, height: 49_999_999, depth: 1, colour: 'gray' }),
    'a deep png': await png({ width: 7_071, height: 7_071, depth: 16, colour: 'rgba' }),
    'an interlaced png': await png({
      width: 6_700,
      height: 6_700,
      depth: 8,
      colour: 'rgba',
      interlaced: true,
    }),
    'a deep interlaced png': await png({
      width: 7_071,
      height: 7_071,
      depth: 16,
      colour: 'rgba',
      interlaced: true,
    }),
    'a png with a gigabyte of texts': await png({
      width: 64,
      height: 64,
      depth: 8,
      colour: 'rgba',
      more: Array<Buffer>(130).fill(bomb),
    }),
    'an animated png': await png({
      width: 4_000,
      height: 4_000,
      depth: 8,
      colour: 'rgba',
      more: [pngChunk('acTL', Buffer.from([0, 0, 0x40, 0, 0, 0, 0, 0]))],
    }),
    'a webp of 40 bytes': losslessWebp(16_000, 3_000),
    'a webp that may just be': losslessWebp(2_850, 2_850),
    'an animated webp': await animation.webp({ effort: 0 }).toBuffer(),
    'an animated gif': await animation.gif({ effort: 1 }).toBuffer(),
    'a progressive jpeg': await photo(7_000).jpeg({ progressive: true }).toBuffer(),
    'a jpeg to be turned': await photo(7_000).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
  };
}

/** Black. */
async function png(picture: {
  width: number;
  height: number;
  depth: 1 | 8 | 16;
  colour: 'gray' | 'rgba';
  interlaced?: boolean;
  more?: Buffer[];
}): Promise<Buffer> {
  const { width, height, depth, colour, interlaced = false, more = [] } = picture;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour === 'gray' ? 0 : 6, 0, 0, Number(interlaced)], 8);
  const bitsPerPixel = depth * (colour === 'gray' ? 1 : 4);
  // A row begins with a byte that names its filter.
  const bytes = (wide: number, high: number) => high * (1 + Math.ceil((wide * bitsPerPixel) / 8));
  const passes = interlaced ? adam7 : [[0, 0, 1, 1] as const];
  const size = passes.reduce(
    (sum, [x, y, dx, dy]) => sum + bytes(Math.ceil((width - x) / dx), Math.ceil((height - y) / dy)),
    0,
  );
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    pngChunk('IHDR', header),
    ...more,
    pngChunk('IDAT', await deflatedZeros(size)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

/** First column, first row, and the steps between them, of each pass of an interlaced png. */
const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const size = Buffer.alloc(4);
  size.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([size, body, checksum]);
}

async function deflatedZeros(size: number): Promise<Buffer> {
  const deflate = createDeflate({ level: 9 });
  const zeros = Buffer.alloc(1_048_576);
  const written = (async () => {
    for (let left = size; left > 0; left -= zeros.length) {
      if (!deflate.write(zeros.subarray(0, left)))
        await new Promise((resolve) => deflate.once('drain', resolve));
    }
    deflate.end();
  })();
  const [chunks] = await Promise.all([deflate.toArray(), written]);
  return Buffer.concat(chunks);
}

/** Of one colour, however large: the size is 14 bits each for width and height. */
export function losslessWebp(width: number, height: number): Buffer {
  const file = Buffer.from('UklGRiAAAABXRUJQVlA4TBQAAAAvnpvnFgdQgVQIIAAKmgLGiIj+Bw==', 'base64');
  const sizes = file.readUInt32LE(21);
  file.writeUInt32LE(((sizes & 0xf000_0000) | ((height - 1) << 14) | (width - 1)) >>> 0, 21);
  return file;
}
