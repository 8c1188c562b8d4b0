import { readFile } from 'node:fs/promises';
import type { Video } from './video.ts';

/** Of the prepared videos: `simulator/make-clips.mjs` makes them. */
export const clipSide = 480;

const folder = new URL('../../../assets/clips/', import.meta.url);

/**
 * One of the four videos of a sheet as an mp4 that browsers play: a number, in the colour that its part of the sheet has
 * too. No two jobs get the same bytes.
 */
export async function clip(index: number, { seconds }: Video, jobId: string): Promise<Buffer> {
  const prepared = await readFile(new URL(`${index}-${seconds}s.mp4`, folder));
  return Buffer.concat([prepared, freeBox(jobId)]);
}

/** A part of an mp4 that players skip. */
function freeBox(text: string): Buffer {
  const box = Buffer.alloc(8 + Buffer.byteLength(text));
  box.writeUInt32BE(box.length, 0);
  box.write('free', 4, 'latin1');
  box.write(text, 8);
  return box;
}
