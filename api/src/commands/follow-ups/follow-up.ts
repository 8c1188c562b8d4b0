import { isDeepStrictEqual } from 'node:util';
import {
  customIdOf,
  type Motion,
  type Press,
  parseCustomId,
} from '@midjourney-api/shared/midjourney/custom-id';
import type { Button, PanDirection } from '@midjourney-api/shared/tasks/task';

/** What a follow-up asks for, before it is known which button does it. */
export type FollowUp =
  | PlainFollowUp
  | { type: 'max_upscale'; style: 'subtle' | 'creative' }
  | { type: 'extend'; motion: Motion };

/** One whose button is the same in all model versions. */
type PlainFollowUp =
  | { type: 'upscale' | 'variation' | 'video_upscale'; index: number }
  | { type: 'vary_region' | 'reset' | 'solo_variation' | 'solo_low_variation' | 'solo_high_variation' }
  | { type: 'expand'; direction: PanDirection }
  | { type: 'zoomout'; zoomout: 50 | 75 }
  | { type: 'animate'; motion: Motion };

/** The button that does what the follow-up asks for; undefined when the picture has none. */
export function findButton(buttons: readonly Button[], wanted: FollowUp): Button | undefined {
  for (const isOne of waysTo(wanted)) {
    const button = buttons.find(({ custom_id }) => isOne(parseCustomId(custom_id)));
    if (button) return button;
  }
  return undefined;
}

/**
 * The custom_id of a button under a picture that this service did not draw, whose buttons it cannot read; undefined
 * when it differs between model versions.
 */
export function customIdFromHash(wanted: FollowUp, hash: string): string | undefined {
  if (!isPlain(wanted)) return undefined;
  const [preferred] = pressesThatDo(wanted);
  return customIdOf(preferred, hash);
}

/** Version 5 offers twice and four times the size instead, older versions a single upscale. */
const upscaleStyles = { subtle: ['subtle', '2x', 'max'], creative: ['creative', '4x', 'max'] };

/** The preferred one first. */
function waysTo(wanted: FollowUp): ((press: Press) => boolean)[] {
  if (isPlain(wanted))
    return pressesThatDo(wanted).map((press) => (shown) => isDeepStrictEqual(shown, press));
  // Its number differs by how the video was made.
  if (wanted.type === 'extend')
    return [(shown) => shown.kind === 'extend_video' && shown.motion === wanted.motion];
  return upscaleStyles[wanted.style].map(
    (style) => (shown) => shown.kind === 'upscale' && shown.style === style,
  );
}

function isPlain(wanted: FollowUp): wanted is PlainFollowUp {
  return wanted.type !== 'max_upscale' && wanted.type !== 'extend';
}

function pressesThatDo(wanted: PlainFollowUp): [preferred: Press, ...others: Press[]] {
  switch (wanted.type) {
    case 'upscale':
      return [{ kind: 'pick', index: wanted.index }];
    case 'video_upscale':
      return [{ kind: 'pick_video', index: wanted.index }];
    case 'variation':
      return [{ kind: 'variation', index: wanted.index }];
    case 'vary_region':
      return [{ kind: 'region' }];
    case 'reset':
      return [{ kind: 'reroll' }];
    case 'solo_variation':
      // Newer model versions have no plain variation: Vary (Strong) replaces it.
      return [{ kind: 'plain_variation' }, { kind: 'strong_variation' }];
    case 'solo_low_variation':
      return [{ kind: 'subtle_variation' }];
    case 'solo_high_variation':
      return [{ kind: 'strong_variation' }];
    case 'expand':
      return [{ kind: 'pan', direction: wanted.direction }];
    case 'zoomout':
      return [{ kind: 'zoom', percent: wanted.zoomout }];
    case 'animate':
      return [{ kind: 'animate', motion: wanted.motion }];
  }
}
