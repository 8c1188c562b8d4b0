import type { TriggerType } from '../tasks/task.ts';
import { type Motion, type Press, type PressOf, parseCustomId } from './custom-id.ts';

/**
 * What a job's messages reveal about the button that started it. Two buttons of one picture whose messages look the same
 * have the same family: their jobs must not run at the same time, because nothing else would distinguish their pictures.
 */
export type MessageFamily =
  | `${'pick' | 'video'} ${number}`
  | `pan ${string}`
  | `animate ${Motion}`
  | 'variation'
  | 'region'
  | 'drawing'
  | 'description'
  | 'zoom'
  | 'upscale'
  | 'unknown';

/** What pressing a button does. */
type PressFacts<P extends Press = Press> = DrawingFacts<P> | IdleFacts<P>;

interface CommonFacts<P extends Press> {
  /** The button in words, because many labels are an emoji or a number. null: use its label. */
  name(press: P): string | null;
}

interface IdleFacts<P extends Press> extends CommonFacts<P> {
  draws: false;
  whyNot: string;
}

interface DrawingFacts<P extends Press> extends CommonFacts<P> {
  draws: true;
  /** Its `action` in the API: the route that presses it. Without one, only `POST /action` does. */
  action?: TriggerType;
  /** When it opens a form for a prompt instead of drawing at once. */
  form: 'always' | 'in remix mode' | 'never';
  /** What pressing it needs: only a user session sees forms. */
  needs?: 'user session';
  family(press: P): MessageFamily;
}

const facts: { [Kind in Press['kind']]: PressFacts<PressOf<Kind>> } = {
  pick: {
    draws: true,
    action: 'upscale',
    form: 'never',
    name: ({ index }) => `Upscale ${index}`,
    family: ({ index }) => `pick ${index}`,
  },
  // The first messages of all variations may look the same, remixed or not.
  variation: {
    draws: true,
    action: 'variation',
    form: 'in remix mode',
    name: ({ index }) => `Vary ${index}`,
    family: () => 'variation',
  },
  plain_variation: {
    draws: true,
    action: 'solo_variation',
    form: 'in remix mode',
    name: () => 'Vary',
    family: () => 'variation',
  },
  subtle_variation: {
    draws: true,
    action: 'solo_low_variation',
    form: 'in remix mode',
    name: () => 'Vary (Subtle)',
    family: () => 'variation',
  },
  strong_variation: {
    draws: true,
    action: 'solo_high_variation',
    form: 'in remix mode',
    name: () => 'Vary (Strong)',
    family: () => 'variation',
  },
  reroll: {
    draws: true,
    action: 'reset',
    form: 'in remix mode',
    name: () => 'Reroll',
    family: () => 'drawing',
  },
  upscale: {
    draws: true,
    action: 'max_upscale',
    form: 'never',
    name: ({ style }) => `Upscale (${capitalized(style)})`,
    family: () => 'upscale',
  },
  zoom: {
    draws: true,
    action: 'zoomout',
    form: 'never',
    name: ({ percent }) => `Zoom out ${percent === 50 ? '2x' : '1.5x'}`,
    family: () => 'zoom',
  },
  outpaint: {
    draws: true,
    form: 'never',
    name: ({ percent }) => (percent === '100' ? 'Make square' : null),
    family: () => 'zoom',
  },
  custom_zoom: {
    draws: true,
    form: 'always',
    needs: 'user session',
    name: () => 'Custom zoom',
    family: () => 'zoom',
  },
  pan: {
    draws: true,
    action: 'expand',
    form: 'in remix mode',
    name: ({ direction }) => `Pan ${direction}`,
    family: ({ direction }) => `pan ${direction}`,
  },
  animate: {
    draws: true,
    action: 'animate',
    form: 'in remix mode',
    name: ({ motion }) => `Animate (${capitalized(motion)} motion)`,
    family: ({ motion }) => `animate ${motion}`,
  },
  extend_video: {
    draws: true,
    action: 'extend',
    form: 'in remix mode',
    name: ({ motion }) => `Extend (${capitalized(motion)} motion)`,
    family: ({ motion }) => `animate ${motion}`,
  },
  pick_video: {
    draws: true,
    action: 'video_upscale',
    form: 'never',
    name: ({ index }) => `Upscale video ${index}`,
    family: ({ index }) => `video ${index}`,
  },
  // It needs no user session: the prompt that its form proposes is known, and can be sent as a new prompt.
  described_prompt: {
    draws: true,
    form: 'always',
    name: ({ number }) => `Draw prompt ${number}`,
    family: () => 'drawing',
  },
  shortened_prompt: {
    draws: true,
    form: 'in remix mode',
    name: ({ number }) => `Draw prompt ${number}`,
    family: () => 'drawing',
  },
  describe_again: {
    draws: true,
    form: 'never',
    name: () => 'Describe again',
    family: () => 'description',
  },
  region: {
    draws: true,
    action: 'vary_region',
    // In Midjourney's editor, which also needs a mask.
    form: 'always',
    needs: 'user session',
    name: () => 'Vary (Region)',
    family: () => 'region',
  },
  all_prompts: {
    draws: false,
    name: () => 'Draw all prompts',
    whyNot: 'draws all texts at once, which are several tasks',
  },
  favourite: {
    draws: false,
    name: () => 'Favourite',
    whyNot: 'only marks a favourite at Midjourney and draws nothing',
  },
  cancel: {
    draws: false,
    name: () => 'Cancel',
    whyNot: 'cancels the job, which only cancelling its task can do here',
  },
  appeal: {
    draws: false,
    name: () => 'Appeal',
    whyNot: 'only asks Midjourney to look again at a prompt that it has refused',
  },
  setting: { draws: false, name: () => null, whyNot: 'only changes a setting of the account' },
  unknown: { draws: true, form: 'never', name: () => null, family: () => 'unknown' },
};

function capitalized(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

export function factsOf({ kind }: Press): PressFacts {
  return facts[kind];
}

/** The button in words; undefined: use its label. */
export function wordsFor(press: Press): string | undefined {
  return factsOf(press).name(press) ?? undefined;
}

/** When it asks for a prompt; undefined: never. */
export function formOf(press: Press): 'always' | 'in remix mode' | undefined {
  const known = factsOf(press);
  return known.draws && known.form !== 'never' ? known.form : undefined;
}

/** The family of the messages that follow a press. */
export function familyOf(press: Press): MessageFamily {
  const known = factsOf(press);
  return known.draws ? known.family(press) : 'unknown';
}

/** The button's name in the API: the route that presses it, or else Midjourney's name. */
export function nameOfButton(customId: string): string {
  const [, group = '', name = ''] = customId.split('::');
  const own = /^job$/i.test(group) ? name : group;
  return actionOf(customId) ?? own.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase();
}

/** The route that presses this button; undefined if there is none. */
export function actionOf(customId: string): TriggerType | undefined {
  const known = factsOf(parseCustomId(customId));
  return known.draws ? known.action : undefined;
}
