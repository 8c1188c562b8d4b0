import sharp from 'sharp';
import { type Picture, pictureSize } from './recipe.ts';
import { drawPixels, fitted, type Pixels } from './render.ts';

const shownSide = 256;
/** Pixels along the longer side that a preview shows at the start, and at the end. */
const coarsestSide = 10;
const finestSide = 160;

// A job shows several previews of one picture: it is drawn once, for as long as the job holds its recipe.
const drawn = new WeakMap<Picture, Promise<Pixels>>();

/** What the picture looks like while it is drawn: a small WebP that gets clearer as progress (0..100) grows. */
export async function renderPreview(picture: Picture, progress: number): Promise<Buffer> {
  const share = Math.min(100, Math.max(0, progress)) / 100;
  const size = pictureSize(picture);
  const finest = drawn.get(picture) ?? drawPixels(picture, fitted(size, finestSide));
  drawn.set(picture, finest);
  const { data, width, height } = await finest;
  const coarse = fitted(size, Math.round(coarsestSide + (finestSide - coarsestSide) * share ** 1.6));
  const pixels = await sharp(data, { raw: { width, height, channels: 3 } })
    .resize(coarse.width, coarse.height, { fit: 'fill' })
    .raw()
    .toBuffer();
  const shown = fitted(size, shownSide);
  return sharp(pixels, { raw: { ...coarse, channels: 3 } })
    .resize(shown.width, shown.height, { kernel: 'cubic', fit: 'fill' })
    .webp({ quality: 60, effort: 0 })
    .toBuffer();
}
