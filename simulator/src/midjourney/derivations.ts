import type { Press } from './custom-ids.ts';
import { panGrid, quadrant, redrawn, squareGrid, upscaled, varyGrid, zoomGrid } from './derive-picture.ts';
import type { JobPlan } from './job-plan.ts';
import type { Job } from './jobs.ts';
import type { UserSettings } from './settings-menu.ts';
import { extendedLength, type Video } from './videos/video.ts';
import { animatedText } from './videos/video-text.ts';

/** A press that makes a new job out of a finished one. */
export type DerivingPress = Extract<
  Press,
  {
    press:
      | 'pick'
      | 'variation'
      | 'reroll'
      | 'solo_variation'
      | 'upscale'
      | 'zoom'
      | 'make_square'
      | 'pan'
      | 'animate'
      | 'video_pick'
      | 'extend';
  }
>;

/** A job that has its picture. */
export type DrawnJob = Job & Required<Pick<Job, 'picture'>>;

export function isDrawn(job: Job | undefined): job is DrawnJob {
  return job?.state === 'done' && job.picture !== undefined;
}

/** The video that a press makes; undefined if its job cannot become one. */
export function videoAfter(
  press: Extract<DerivingPress, { press: 'animate' | 'video_pick' | 'extend' }>,
  { video }: DrawnJob,
): Video | undefined {
  if (press.press === 'animate') return { motion: press.motion, clips: 4, seconds: 5 };
  if (!video || press.index > video.clips) return undefined;
  if (press.press === 'video_pick') return video;
  const seconds = extendedLength(video);
  return seconds && { ...video, motion: press.motion, seconds };
}

/** The job that a press makes: it repeats the parent's text, marker and all, under a new hash. */
export function derive(
  press: DerivingPress,
  parent: DrawnJob,
  seed: number,
  { highVariability }: Pick<UserSettings, 'highVariability'>,
): JobPlan | undefined {
  const { prompt, echoedPrompt, version, stealth } = parent;
  const kind = press.press === 'make_square' ? 'zoom' : press.press;
  const base = { kind, prompt, echoedPrompt, version, stealth, parentJobId: parent.id, seed };
  const cell = quadrant(parent.picture, 'index' in press ? press.index : 1);
  switch (press.press) {
    case 'pick':
      // A pick is one of the grid's pictures, and has its seed.
      return { ...base, seed: parent.seed, index: press.index, picture: cell };
    case 'variation':
      return highVariability
        ? { ...base, index: press.index, picture: varyGrid(cell, 'plain', seed) }
        : { ...base, index: press.index, detail: 'subtle', picture: varyGrid(cell, 'subtle', seed) };
    case 'solo_variation':
      return { ...base, detail: press.strength, picture: varyGrid(cell, press.strength, seed) };
    case 'reroll':
      return parent.video
        ? { ...base, video: parent.video, picture: parent.picture }
        : { ...base, picture: redrawn(parent.picture, seed) };
    case 'upscale':
      return {
        ...base,
        detail: press.style,
        picture: upscaled(cell, press.style === 'max' ? '2x' : press.style),
      };
    case 'zoom': {
      const detail = press.factor === 2 ? '2x' : '1.5x';
      return { ...base, detail, picture: zoomGrid(cell, press.factor, seed) };
    }
    case 'make_square':
      return { ...base, detail: 'square', picture: squareGrid(cell, seed) };
    case 'pan':
      return { ...base, detail: press.direction, picture: panGrid(cell, press.direction, seed) };
    case 'animate':
    case 'extend': {
      const video = videoAfter(press, parent);
      if (!video) return undefined;
      const index = 'index' in press ? press.index : undefined;
      const echo = animatedText(echoedPrompt, press.motion);
      return { ...base, index, detail: press.motion, video, picture: cell, echoedPrompt: echo };
    }
    case 'video_pick': {
      const video = videoAfter(press, parent);
      // Some clients saw the sheet's hash on a pick, others a new one.
      const shownAs = seed % 2 === 0 ? parent.id : undefined;
      return video && { ...base, index: press.index, video, picture: cell, shownAs };
    }
  }
}
