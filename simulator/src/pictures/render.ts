import sharp from 'sharp';
import { finish } from './finish.ts';
import { type Picture, pictureSize, type Recipe, type Size } from './recipe.ts';
import { paintScene } from './scene.ts';

/** RGB, three bytes a pixel. */
export type Pixels = Size & { data: Uint8Array };

/** Draws the picture at exactly this size. */
export async function drawPixels(picture: Picture, { width, height }: Size): Promise<Pixels> {
  if (picture.op !== 'grid') return drawOne(picture, { width, height });
  const sheet = new Uint8Array(width * height * 3);
  const middle = { x: Math.ceil(width / 2), y: Math.ceil(height / 2) };
  for (const [index, recipe] of picture.recipes.entries()) {
    const left = index % 2 ? middle.x : 0;
    const top = index > 1 ? middle.y : 0;
    const cell = await drawOne(recipe, {
      width: index % 2 ? width - middle.x : middle.x,
      height: index > 1 ? height - middle.y : middle.y,
    });
    for (let y = 0; y < cell.height; y++) {
      sheet.set(
        cell.data.subarray(y * cell.width * 3, (y + 1) * cell.width * 3),
        ((top + y) * width + left) * 3,
      );
    }
  }
  return { width, height, data: sheet };
}

async function drawOne(recipe: Recipe, { width, height }: Size): Promise<Pixels> {
  const svg = paintScene(recipe, width, height);
  const data = await sharp(svg, { unlimited: true }).flatten().removeAlpha().raw().toBuffer();
  finish(data, width, height);
  return { width, height, data };
}

/** The picture as a file, in full size or with no side longer than `maxSide`. */
export async function renderPicture(
  picture: Picture,
  { maxSide, format = 'png' }: { maxSide?: number; format?: 'png' | 'webp' } = {},
): Promise<Buffer> {
  const { data, width, height } = await drawPixels(picture, fitted(pictureSize(picture), maxSide));
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  // Tests draw hundreds of pictures: both are packed quickly rather than well.
  return format === 'webp'
    ? image.webp({ quality: 85, effort: 0 }).toBuffer()
    : image.png({ compressionLevel: 3, adaptiveFiltering: false }).toBuffer();
}

/** The size made smaller, if need be, so that no side is longer than `maxSide`. */
export function fitted({ width, height }: Size, maxSide = Number.POSITIVE_INFINITY): Size {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}
