import sharp from 'sharp';
import { type Picture, pictureSize } from './recipe.ts';
import { drawPixels, fitted } from './render.ts';

const SIDE = 256;
/** Pixels along the longer side of what is drawn at the start, and at the end. */
const COARSEST = 10;
const FINEST = 160;

/** What the picture looks like while it is drawn: a small WebP that gets clearer as progress (0..100) grows. */
export async function renderPreview(picture: Picture, progress: number): Promise<Buffer> {
  const share = Math.min(100, Math.max(0, progress)) / 100;
  const size = pictureSize(picture);
  const coarse = await drawPixels(
    picture,
    fitted(size, Math.round(COARSEST + (FINEST - COARSEST) * share ** 1.6)),
  );
  const { width, height } = fitted(size, SIDE);
  return sharp(coarse.data, { raw: { width: coarse.width, height: coarse.height, channels: 3 } })
    .resize(width, height, { kernel: 'cubic', fit: 'fill' })
    .webp({ quality: 60, effort: 0 })
    .toBuffer();
}
