import { createHash } from 'node:crypto';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import sharp from 'sharp';

export async function download(task: TaskView): Promise<Buffer> {
  const response = await fetch(task.image_url ?? '');
  if (!response.ok) throw new Error(`The picture of ${task.trigger_id} answered ${response.status}.`);
  return Buffer.from(await response.arrayBuffer());
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** A small picture of one colour, for uploads. */
export async function pictureOf(color: string): Promise<Blob> {
  const create = { width: 64, height: 64, channels: 3 as const, background: color };
  return new Blob([new Uint8Array(await sharp({ create }).png().toBuffer())], { type: 'image/png' });
}

const side = 64;

/** Quadrant 1 to 4 of a grid, in reading order, as raw pixels. */
export async function quadrant(grid: Buffer, index: number): Promise<Buffer> {
  const { width, height } = await sharp(grid).metadata();
  const [w, h] = [Math.floor(width / 2), Math.floor(height / 2)];
  const cell = sharp(grid).extract({
    left: ((index - 1) % 2) * w,
    top: index > 2 ? h : 0,
    width: w,
    height: h,
  });
  return pixels(await cell.png().toBuffer());
}

export async function pixels(picture: Buffer): Promise<Buffer> {
  return sharp(picture).resize(side, side, { fit: 'fill' }).removeAlpha().raw().toBuffer();
}

/** Mean difference of two pictures' pixels, 0 (the same) to 255. */
export function distance(a: Buffer, b: Buffer): number {
  let sum = 0;
  for (const [i, value] of a.entries()) sum += Math.abs(value - (b[i] ?? 0));
  return sum / a.length;
}
