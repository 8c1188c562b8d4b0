import sharp from 'sharp';
import { type Picture, renderPicture } from '../pictures/pictures.ts';

const LONG_SIDE = 384;
const FRAMES = 12;
const FRAME_MS = 100;

/** A short animated WebP: the camera moves into the picture and back, far or little. */
export async function animate(picture: Picture, motion: 'high' | 'low'): Promise<Buffer> {
  const still = await renderPicture(picture, { maxSide: LONG_SIDE });
  const { width, height } = await sharp(still).metadata();
  const depth = motion === 'high' ? 0.35 : 0.12;
  const frames = await Promise.all(
    Array.from({ length: FRAMES }, async (_, at) => {
      const way = (1 - Math.cos((2 * Math.PI * at) / FRAMES)) / 2;
      const share = 1 - depth * way;
      const crop = {
        width: Math.max(1, Math.round(width * share)),
        height: Math.max(1, Math.round(height * share)),
      };
      return sharp(still)
        .extract({
          left: Math.floor((width - crop.width) / 2),
          top: Math.floor((height - crop.height) / 2),
          ...crop,
        })
        .resize(width, height, { fit: 'fill' })
        .png()
        .toBuffer();
    }),
  );
  return sharp(frames, { join: { animated: true } })
    .webp({ quality: 70, delay: FRAME_MS, loop: 0 })
    .toBuffer();
}
