import { answered } from '../http/answered.ts';
import type { Connection } from '../http/connection.ts';
import { createIdempotencyKey } from '../http/idempotency-key.ts';
import type { Accepted } from '../schema.ts';
import type { RequestOf, SubmitName, SubmitOptions } from './types.ts';

const prefix = '/v1/api/trigger';

/** The routes that submit a task, by method name. */
export const submitPaths = {
  imagine: '/imagine',
  blend: '/blend',
  edit: '/edit',
  video: '/video',
  upscale: '/upscale',
  variation: '/variation',
  reset: '/reset',
  soloVariation: '/solo_variation',
  soloLowVariation: '/solo_low_variation',
  soloHighVariation: '/solo_high_variation',
  expand: '/expand',
  zoomout: '/zoomout',
  varyRegion: '/vary_region',
  maxUpscale: '/max_upscale',
  animate: '/animate',
  videoUpscale: '/video_upscale',
  extend: '/extend',
  action: '/action',
  show: '/show',
  describe: '/describe',
  shorten: '/shorten',
} as const satisfies Record<SubmitName, string>;

/** Submits a task once, however often the request is retried. */
export function submitTask(
  { raw }: Connection,
  path: string,
  body: object,
  { idempotencyKey = createIdempotencyKey(), signal }: SubmitOptions = {},
): Promise<Accepted> {
  return answered(
    // All these routes have the same answer; the types of the methods have checked their bodies.
    raw.POST(`${prefix}${path as '/imagine'}`, {
      params: { header: { 'idempotency-key': idempotencyKey } },
      body: body as RequestOf<'imagine'>,
      signal,
    }),
  );
}
