import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { ByteCache } from '../byte-cache.ts';
import type { File } from '../discord/uploads.ts';
import { pictureSize, renderPicture, renderPreview } from '../pictures/pictures.ts';
import { isPickedVideo, type Job } from './jobs.ts';
import { isV8 } from './models.ts';
import { clip, clipSide } from './videos/clips.ts';
import { renderSheet, sheetSize } from './videos/sheet.ts';

const cacheBytes = 96 * 1024 * 1024;

/** Draws the pictures of jobs, keeping the latest; any other is drawn again from its recipe. */
export class Renderings {
  readonly #cache = new ByteCache(cacheBytes);
  readonly #underway = new Map<string, Promise<Buffer>>();
  readonly #prepared = new Map<string, Promise<Buffer>>();
  readonly #onePicture: boolean;

  /** @param onePicture draws one result of each size and takes it for all: for load tests */
  constructor({ onePicture = false } = {}) {
    this.#onePicture = onePicture;
  }

  /** The finished picture or video of a job. */
  result(job: Job): Promise<Buffer> {
    if (this.#onePicture) return this.#preparedResult(job);
    return this.#once(`${job.id} result`, async () => {
      const bytes = await drawResult(job);
      job.imageSha256 = createHash('sha256').update(bytes).digest('hex');
      return bytes;
    });
  }

  #preparedResult(job: Job): Promise<Buffer> {
    const { width, height } = pictureSize(pictureOf(job));
    const size = `${job.video ? 'video' : 'picture'} ${resultForm(job).extension} ${width}x${height}`;
    const prepared = this.#prepared.get(size) ?? drawResult(job);
    this.#prepared.set(size, prepared);
    return prepared;
  }

  /** What stands for the picture at somebody else's address. */
  elsewhere(url: string): Promise<Buffer> {
    return this.#once(url, () => renderPicture(recipeFor(url)));
  }

  preview(job: Job, progress: number): Promise<Buffer> {
    return this.#once(`${job.id} ${progress}`, async () => {
      const webp = await renderPreview(pictureOf(job), progress);
      return previewForm(job).extension === 'webp' ? webp : sharp(webp).jpeg({ quality: 70 }).toBuffer();
    });
  }

  async #once(key: string, draw: () => Promise<Buffer>): Promise<Buffer> {
    const cached = this.#cache.get(key);
    if (cached) return cached;
    const underway = this.#underway.get(key) ?? draw();
    this.#underway.set(key, underway);
    try {
      const bytes = await underway;
      this.#cache.put(key, bytes);
      return bytes;
    } finally {
      this.#underway.delete(key);
    }
  }
}

/** The type of a result's file. */
export function resultForm(job: Job): { extension: 'mp4' | 'webp' | 'png'; contentType: string } {
  if (isPickedVideo(job)) return { extension: 'mp4', contentType: 'video/mp4' };
  return job.video || isV8(job.version)
    ? { extension: 'webp', contentType: 'image/webp' }
    : { extension: 'png', contentType: 'image/png' };
}

/** Midjourney's previews are WebP for grids and JPEG for single pictures. */
export function previewForm(job: Job): { extension: 'webp' | 'jpeg'; contentType: string } {
  return job.picture?.op === 'grid'
    ? { extension: 'webp', contentType: 'image/webp' }
    : { extension: 'jpeg', contentType: 'image/jpeg' };
}

/** The files of a job's previews: one, or one for each of the videos that are made. */
export function previewNames(job: Job, percent: number): string[] {
  if (job.video) return Array.from({ length: job.video.clips }, (_, at) => `${job.id}_${at}.jpeg`);
  if (job.picture?.op === 'grid') return [`${job.id}_grid_0.webp`];
  return [`${job.id}_${(job.index ?? 1) - 1}_step_${percent}.jpeg`];
}

/** The sides of a preview: the picture's, no longer than 256 pixels. */
export function previewSize(job: Job): { width: number; height: number } {
  const { width, height } = pictureSize(pictureOf(job));
  const scale = Math.min(1, 256 / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

export interface ResultFacts {
  size: number;
  width: number;
  height: number;
}

/** The bytes and sides of a job's result. */
export async function resultFacts(job: Job, bytes: Buffer): Promise<ResultFacts> {
  const size = bytes.length;
  if (isPickedVideo(job)) return { size, width: clipSide, height: clipSide };
  return { size, ...(job.video ? await sheetSize(bytes) : pictureSize(pictureOf(job))) };
}

/** An estimate of them without drawing the picture. */
export async function estimatedFacts(job: Job): Promise<ResultFacts> {
  const { width, height } = isPickedVideo(job)
    ? { width: clipSide, height: clipSide }
    : pictureSize(pictureOf(job));
  return { size: width * height, width, height };
}

/** The file that stands for a picture at somebody else's address. */
export function pictureElsewhere(url: string): File {
  const recipe = recipeFor(url);
  return {
    filename: new URL(url).pathname.split('/').at(-1) || 'image.png',
    size: recipe.width * recipe.height,
    contentType: 'image/png',
    width: recipe.width,
    height: recipe.height,
    source: { kind: 'elsewhere', url },
  };
}

function recipeFor(url: string) {
  const words = new URL(url).pathname.replace(/\.\w+$/, '').replace(/\W+/g, ' ');
  return { op: 'draw', prompt: words, seed: 1, variant: 0, width: 256, height: 256 } as const;
}

function drawResult(job: Job): Promise<Buffer> {
  const picture = pictureOf(job);
  if (!job.video) return renderPicture(picture, { format: isV8(job.version) ? 'webp' : 'png' });
  return isPickedVideo(job)
    ? clip(job.index ?? 1, job.video, job.id)
    : renderSheet(picture, job.video, job.id);
}

function pictureOf(job: Job) {
  if (!job.picture) throw new Error(`job ${job.id} (${job.kind}) draws nothing`);
  return job.picture;
}
