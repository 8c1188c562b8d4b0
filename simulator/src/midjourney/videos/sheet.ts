import sharp from 'sharp';
import { type Picture, renderPicture } from '../../pictures/pictures.ts';

const longSide = 384;
const frameCount = 12;
const frameMs = 100;

/** A short animated WebP: the camera moves into the picture and back, far or little. */
export async function animate(picture: Picture, motion: 'high' | 'low'): Promise<Buffer> {
  const still = await renderPicture(picture, { maxSide: longSide });
  const { width, height } = await sharp(still).metadata();
  const depth = motion === 'high' ? 0.35 : 0.12;
  const frames = await Promise.all(
    Array.from({ length: frameCount }, async (_, at) => {
      const way = (1 - Math.cos((2 * Math.PI * at) / frameCount)) / 2;
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
    .webp({ quality: 70, delay: frameMs, loop: 0 })
    .toBuffer();
}
