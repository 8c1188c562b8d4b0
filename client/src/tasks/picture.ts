import type { Connection } from '../http/connection.ts';
import { ProblemError } from '../http/problem-error.ts';
import type { RequestOptions } from '../routes/types.ts';

export interface PictureOptions extends RequestOptions {
  /** One of the four of a grid: 1 and 2 on top, 3 and 4 below. */
  part?: 1 | 2 | 3 | 4;
  /** The approximate width in pixels of a smaller webp. */
  width?: number;
}

/** Whether it is a permanent link to the service, which offers parts and sizes. */
export function isStored(url: string | undefined): boolean {
  return url !== undefined && new URL(url).pathname.includes('/v1/images/');
}

function pictureUrl(url: string, { part, width }: PictureOptions): URL {
  const address = new URL(url);
  if (part !== undefined) address.searchParams.set('part', String(part));
  if (width !== undefined) address.searchParams.set('w', String(width));
  return address;
}

/** Fetches a picture or video by a link of a task. @throws ProblemError if it does not exist */
export async function fetchPicture(
  { send }: Connection,
  url: string,
  options: PictureOptions = {},
): Promise<Blob> {
  const response = await send(new Request(pictureUrl(url, options), { signal: options.signal }));
  if (response.ok) return response.blob();
  throw new ProblemError(response, await response.json().catch(() => undefined));
}
