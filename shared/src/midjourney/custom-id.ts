import { type PanDirection, panDirections } from '../tasks/task.ts';

/**
 * The syntax of the `custom_id`s of Midjourney's buttons, as seen in public clients from 2023 to 2026. press-facts.ts says
 * what pressing them does.
 */

export const motions = ['high', 'low'] as const;
export type Motion = (typeof motions)[number];

/** What a button asks Midjourney for. An `index` is one of four pictures or videos, 1 to 4. */
export type Press =
  /** U1 to U4 */
  | { kind: 'pick'; index: number }
  /** V1 to V4 */
  | { kind: 'variation'; index: number }
  | { kind: 'reroll' }
  /** The only variation of a single picture by older models. */
  | { kind: 'plain_variation' }
  | { kind: 'subtle_variation' }
  | { kind: 'strong_variation' }
  /** `upsample_v7_2x_subtle` is model `v7_2x` and style `subtle`; `upsample_max`, of the oldest models, has no model. */
  | { kind: 'upscale'; model: string | null; style: string }
  /** The size to which the picture shrinks, in per cent: 50 is Zoom Out 2x, 75 is Zoom Out 1.5x. */
  | { kind: 'zoom'; percent: 50 | 75 }
  /** Other ways to draw what is around a picture: `100` is Make Square. */
  | { kind: 'outpaint'; percent: string }
  | { kind: 'custom_zoom' }
  | { kind: 'pan'; direction: PanDirection }
  | { kind: 'region' }
  | { kind: 'animate'; motion: Motion }
  | { kind: 'extend_video'; motion: Motion; video: string }
  | { kind: 'pick_video'; index: number }
  /** The number of one of the prompts under a description. */
  | { kind: 'described_prompt'; number: number }
  /** The number of one of the prompts that /shorten proposes. */
  | { kind: 'shortened_prompt'; number: number }
  | { kind: 'all_prompts'; of: 'description' | 'shortening' }
  | { kind: 'describe_again' }
  | { kind: 'favourite' }
  | { kind: 'cancel' }
  | { kind: 'appeal' }
  | { kind: 'setting'; name: string }
  /** A button that this program does not know. */
  | { kind: 'unknown'; customId: string };

export type PressOf<Kind extends Press['kind']> = Extract<Press, { kind: Kind }>;

interface Syntax<P extends Press> {
  /** How such a `custom_id` begins. The rest, the job and `SOLO`, differs by model. No two patterns overlap. */
  pattern: RegExp;
  press(match: RegExpExecArray): P;
  customId(press: P, hash: string): string;
}

const syntax: { [Kind in Exclude<Press['kind'], 'unknown'>]: Syntax<PressOf<Kind>> } = {
  pick: {
    pattern: /^MJ::JOB::upsample::([1-4])::/,
    press: ([, index]) => ({ kind: 'pick', index: Number(index) }),
    customId: ({ index }, hash) => `MJ::JOB::upsample::${index}::${hash}`,
  },
  variation: {
    // A grid's V1 and the plain variation of a single picture begin the same; only the latter ends in SOLO.
    pattern: /^MJ::JOB::variation::(\d+)::(?!.*::SOLO$)/,
    press: ([, index]) => ({ kind: 'variation', index: Number(index) }),
    customId: ({ index }, hash) => `MJ::JOB::variation::${index}::${hash}`,
  },
  reroll: {
    pattern: /^MJ::JOB::reroll::/,
    press: () => ({ kind: 'reroll' }),
    customId: (_press, hash) => `MJ::JOB::reroll::0::${hash}::SOLO`,
  },
  plain_variation: {
    pattern: /^MJ::JOB::variation::.*::SOLO$/,
    press: () => ({ kind: 'plain_variation' }),
    customId: (_press, hash) => `MJ::JOB::variation::1::${hash}::SOLO`,
  },
  subtle_variation: {
    pattern: /^MJ::JOB::low_variation::/,
    press: () => ({ kind: 'subtle_variation' }),
    customId: (_press, hash) => `MJ::JOB::low_variation::1::${hash}::SOLO`,
  },
  strong_variation: {
    pattern: /^MJ::JOB::high_variation::/,
    press: () => ({ kind: 'strong_variation' }),
    customId: (_press, hash) => `MJ::JOB::high_variation::1::${hash}::SOLO`,
  },
  upscale: {
    pattern: /^MJ::JOB::upsample_(?:([^:]+)_)?([^:_]+)::/,
    press: ([, model = null, style = '']) => ({ kind: 'upscale', model, style }),
    customId: ({ model, style }, hash) =>
      `MJ::JOB::upsample_${model === null ? '' : `${model}_`}${style}::1::${hash}::SOLO`,
  },
  zoom: {
    pattern: /^MJ::Outpaint::(50|75)::/,
    press: ([, percent]) => ({ kind: 'zoom', percent: percent === '50' ? 50 : 75 }),
    customId: ({ percent }, hash) => `MJ::Outpaint::${percent}::1::${hash}::SOLO`,
  },
  outpaint: {
    pattern: /^MJ::Outpaint::(?!(?:50|75)::)([^:]+)/,
    press: ([, percent = '']) => ({ kind: 'outpaint', percent }),
    customId: ({ percent }, hash) => `MJ::Outpaint::${percent}::1::${hash}::SOLO`,
  },
  custom_zoom: {
    pattern: /^MJ::CustomZoom::/,
    press: () => ({ kind: 'custom_zoom' }),
    customId: (_press, hash) => `MJ::CustomZoom::${hash}`,
  },
  pan: {
    pattern: new RegExp(`^MJ::JOB::pan_(${panDirections.join('|')})::`),
    press: ([, direction]) => ({ kind: 'pan', direction: oneOf(panDirections, direction) }),
    customId: ({ direction }, hash) => `MJ::JOB::pan_${direction}::1::${hash}::SOLO`,
  },
  region: {
    pattern: /^MJ::Inpaint::/,
    press: () => ({ kind: 'region' }),
    customId: (_press, hash) => `MJ::Inpaint::1::${hash}::SOLO`,
  },
  animate: {
    pattern: new RegExp(`^MJ::JOB::animate_(${motions.join('|')})::`),
    press: ([, motion]) => ({ kind: 'animate', motion: oneOf(motions, motion) }),
    customId: ({ motion }, hash) => `MJ::JOB::animate_${motion}::1::${hash}::SOLO`,
  },
  extend_video: {
    pattern: new RegExp(`^MJ::JOB::animate_(${motions.join('|')})_extend::([^:]+)`),
    press: ([, motion, video = '']) => ({
      kind: 'extend_video',
      motion: oneOf(motions, motion),
      video,
    }),
    customId: ({ motion, video }, hash) => `MJ::JOB::animate_${motion}_extend::${video}::${hash}::SOLO`,
  },
  pick_video: {
    pattern: /^MJ::JOB::video_virtual_upscale::([1-4])::/,
    press: ([, index]) => ({ kind: 'pick_video', index: Number(index) }),
    customId: ({ index }, hash) => `MJ::JOB::video_virtual_upscale::${index}::${hash}`,
  },
  described_prompt: {
    pattern: /^MJ::Job::PicReader::(\d+)\b/,
    press: ([, number]) => ({ kind: 'described_prompt', number: Number(number) }),
    customId: ({ number }) => `MJ::Job::PicReader::${number}`,
  },
  shortened_prompt: {
    pattern: /^MJ::Job::PromptAnalyzer::(\d+)\b/,
    press: ([, number]) => ({ kind: 'shortened_prompt', number: Number(number) }),
    customId: ({ number }) => `MJ::Job::PromptAnalyzer::${number}`,
  },
  all_prompts: {
    pattern: /^MJ::Job::(PicReader|PromptAnalyzer)::all\b/,
    press: ([, name]) => ({ kind: 'all_prompts', of: name === 'PicReader' ? 'description' : 'shortening' }),
    customId: ({ of }) => `MJ::Job::${of === 'description' ? 'PicReader' : 'PromptAnalyzer'}::all`,
  },
  describe_again: {
    pattern: /^MJ::Picread::/,
    press: () => ({ kind: 'describe_again' }),
    customId: () => 'MJ::Picread::Retry',
  },
  favourite: {
    pattern: /^MJ::BOOKMARK::/,
    press: () => ({ kind: 'favourite' }),
    customId: (_press, hash) => `MJ::BOOKMARK::${hash}`,
  },
  cancel: {
    pattern: /^MJ::CancelJob::/,
    press: () => ({ kind: 'cancel' }),
    customId: (_press, hash) => `MJ::CancelJob::ByJobid::${hash}`,
  },
  setting: {
    pattern: /^MJ::Settings::(.+)$/,
    press: ([, name = '']) => ({ kind: 'setting', name }),
    customId: ({ name }) => `MJ::Settings::${name}`,
  },
  appeal: {
    pattern: /^MJ::(?:\w+::)+Appeal/,
    press: () => ({ kind: 'appeal' }),
    customId: (_press, hash) => `MJ::Prompts::Appeal::${hash}`,
  },
};

export function parseCustomId(customId: string): Press {
  for (const { pattern, press } of Object.values(syntax)) {
    const match = pattern.exec(customId);
    if (match) return press(match);
  }
  return { kind: 'unknown', customId };
}

/**
 * Builds the `custom_id` of a button for the job with this hash. If the message can be read, use the `custom_id` found
 * there instead: some end differently by model.
 */
export function customIdOf(press: Press, hash: string): string {
  if (press.kind === 'unknown') return press.customId;
  const { customId }: Syntax<Press> = syntax[press.kind];
  return customId(press, hash);
}

/** The form of Midjourney's job ids. */
export const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const job = new RegExp(`^MJ::(?:\\w+::)+(${uuid})(?:::|$)`);

/** The id of the job that a button belongs to; undefined if its `custom_id` does not have it. */
export function jobOfCustomId(customId: string): string | undefined {
  return job.exec(customId)?.[1];
}

/** Whether it is a button of a finished picture or video, including unknown buttons. */
export function isUnderPicture(customId: string): boolean {
  return customId.startsWith('MJ::JOB::');
}

function oneOf<Text extends string>(texts: readonly Text[], found: string | undefined): Text {
  const text = texts.find((each) => each === found);
  if (text === undefined) throw new Error(`"${found}" is none of ${texts.join(', ')}.`);
  return text;
}
