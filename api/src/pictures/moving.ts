import sharp, { type Metadata, type Region } from 'sharp';

/** About what libvips takes for each pixel while it cuts frames out of a moving picture: measured. */
const bytesPerPixel = 12;
/** For the frames that are decoded together. */
const decodedBytes = 40_000_000;

interface Cut {
  /** The part of each frame that is kept; the whole of it when left out. */
  region?: Region | undefined;
  /** Pixels, to make it smaller. */
  width?: number | undefined;
}

/** What `cutMoving` keeps in memory until it is written. */
export function cutBytes({ width, height, pageHeight = height, pages = 1 }: Metadata, cut: Cut): number {
  const shown = cut.region ?? { width, height: pageHeight };
  const scale = Math.min(1, (cut.width ?? shown.width) / shown.width);
  return shown.width * shown.height * scale * scale * 3 * pages + decodedBytes;
}

/**
 * A moving webp of a part of another one, or a smaller one, as long as it was. A few frames at a time: libvips decodes
 * all of those that it is given before it cuts the first.
 * @throws a TimeoutError when it takes longer than `seconds`.
 */
export async function cutMoving(
  source: Buffer,
  whole: Metadata,
  { region, width }: Cut,
  { quality, seconds }: { quality: number; seconds: number },
): Promise<Buffer> {
  const { pages = 1, pageHeight = whole.height, delay, loop = 0 } = whole;
  const together = Math.max(1, Math.floor(decodedBytes / (whole.width * pageHeight * bytesPerPixel)));
  const deadline = AbortSignal.timeout(seconds * 1_000);
  let frames = Buffer.alloc(0);
  let size = { width: 0, height: 0 };
  for (let page = 0; page < pages; page += together) {
    deadline.throwIfAborted();
    let cut = sharp(source, { page, pages: Math.min(together, pages - page) }).removeAlpha();
    if (region) cut = cut.extract(region);
    if (width !== undefined) cut = cut.resize({ width, withoutEnlargement: true });
    const { data, info } = await cut.raw().toBuffer({ resolveWithObject: true });
    size = { width: info.width, height: info.pageHeight ?? info.height };
    const frameBytes = size.width * size.height * 3;
    if (page === 0) frames = Buffer.alloc(frameBytes * pages);
    frames.set(data, frameBytes * page);
  }
  const raw = {
    width: size.width,
    height: size.height * pages,
    pageHeight: size.height,
    channels: 3 as const,
  };
  return sharp(frames, { raw })
    .timeout({ seconds })
    .webp({ quality, effort: 2, loop, ...(delay && { delay }) })
    .toBuffer();
}
