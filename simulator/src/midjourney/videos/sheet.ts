import sharp from 'sharp';
import { type Picture, renderPicture, type Size } from '../../pictures/pictures.ts';
import type { Video } from './video.ts';

const longSide = 384;
const frameCount = 12;
const depth = { low: 0.12, high: 0.35 };
/** The same colours as in make-clips.mjs, so that a mix-up is seen. */
const colours = [0xb03a2e, 0x1e8449, 0x21618c, 0xb9770e] as const;

/** Where the clips of a sheet stand, in columns and rows. */
const layouts = { 1: [1, 1], 2: [2, 1], 4: [2, 2] } as const;

interface Pixels extends Size {
  data: Buffer;
}

/**
 * The animated WebP that shows the clips of a video side by side. In each the camera moves into the picture and back, to
 * another corner, over a bar in its colour with as many squares as its number. No two jobs get the same bytes.
 */
export async function renderSheet(picture: Picture, video: Video, jobId: string): Promise<Buffer> {
  const [columns, rows] = layouts[video.clips];
  const still = await pixelsOf(picture);
  const cell = { width: Math.floor(still.width / columns), height: Math.floor(still.height / columns) };
  const frame = { width: cell.width * columns, height: cell.height * rows };
  const data = Buffer.alloc(frame.width * frame.height * frameCount * 3);
  for (let at = 0; at < frameCount; at++) {
    const way = (1 - Math.cos((2 * Math.PI * at) / frameCount)) / 2;
    const share = 1 - depth[video.motion] * way;
    for (let index = 0; index < columns * rows; index++) {
      const left = (index % columns) * cell.width;
      const top = at * frame.height + Math.floor(index / columns) * cell.height;
      const canvas = { data, width: frame.width, left, top };
      copyCorner(still, canvas, cell, index, share);
      paintBar(canvas, cell, index);
    }
  }
  const pages = { width: frame.width, height: frame.height * frameCount, pageHeight: frame.height };
  const delays = Array(frameCount).fill(Math.round((video.seconds * 1000) / frameCount));
  return sharp(data, { raw: { ...pages, channels: 3 } })
    .webp({ quality: 70, effort: 2, delay: delays, loop: 0 })
    .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><job>${jobId}</job></x:xmpmeta>`)
    .toBuffer();
}

/** The sides of a sheet. */
export async function sheetSize(sheet: Buffer): Promise<Size> {
  const { width, height, pageHeight } = await sharp(sheet).metadata();
  return { width, height: pageHeight ?? height };
}

async function pixelsOf(picture: Picture): Promise<Pixels> {
  const still = sharp(await renderPicture(picture, { maxSide: longSide })).removeAlpha();
  const { data, info } = await still.raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

interface Place {
  data: Buffer;
  /** Of the whole canvas. */
  width: number;
  left: number;
  top: number;
}

/** The part of the picture in one of its corners, as large as the cell. */
function copyCorner(still: Pixels, to: Place, cell: Size, corner: number, share: number): void {
  const fromLeft = (corner % 2) * (1 - share) * still.width;
  const fromTop = Math.floor(corner / 2) * (1 - share) * still.height;
  for (let y = 0; y < cell.height; y++) {
    const row = Math.floor(fromTop + (y / cell.height) * share * still.height) * still.width;
    for (let x = 0; x < cell.width; x++) {
      const from = (row + Math.floor(fromLeft + (x / cell.width) * share * still.width)) * 3;
      const at = ((to.top + y) * to.width + to.left + x) * 3;
      for (let channel = 0; channel < 3; channel++) to.data[at + channel] = still.data[from + channel] ?? 0;
    }
  }
}

/** A bar at the lower edge with `index + 1` white squares. */
function paintBar(to: Place, cell: Size, index: number): void {
  const step = Math.max(1, Math.floor(Math.min(cell.width, cell.height) / 14));
  const colour = colours[index] ?? colours[0];
  for (let y = cell.height - 3 * step; y < cell.height; y++) {
    for (let x = 0; x < cell.width; x++) {
      const across = Math.floor(x / step);
      const inSquare = Math.floor((cell.height - 1 - y) / step) === 1 && across % 2 === 1;
      const shown = inSquare && across < 2 * (index + 1) ? 0xffffff : colour;
      to.data.writeUIntBE(shown, ((to.top + y) * to.width + to.left + x) * 3, 3);
    }
  }
}
