export type Direction = 'left' | 'right' | 'up' | 'down';
/** `max` is the one upscaler of the oldest models. */
export type UpscaleStyle = 'subtle' | 'creative' | '2x' | '4x' | 'max';

/** What a button asks for. `hash` is the job whose picture it stands under. */
export type Press =
  | { press: 'pick'; index: number; hash: string }
  | { press: 'variation'; index: number; hash: string }
  | { press: 'reroll'; hash: string }
  | { press: 'solo_variation'; strength: 'subtle' | 'strong' | 'plain'; hash: string }
  | { press: 'upscale'; style: UpscaleStyle; hash: string }
  | { press: 'zoom'; factor: number; hash: string }
  | { press: 'make_square'; hash: string }
  | { press: 'custom_zoom'; hash: string }
  | { press: 'pan'; direction: Direction; hash: string }
  | { press: 'region'; hash: string }
  | { press: 'animate'; motion: 'high' | 'low'; hash: string }
  | { press: 'video_pick'; index: number; hash: string }
  | { press: 'extend'; motion: 'high' | 'low'; index: number; hash: string }
  | { press: 'bookmark'; hash: string }
  | { press: 'cancel'; hash: string }
  | { press: 'imagine_text'; of: 'description' | 'shortening'; number: number | 'all' }
  | { press: 'describe_again' }
  | { press: 'appeal' }
  | { press: 'moderation'; choice: 'acknowledge' | 'resubmit' }
  | { press: 'show_human' }
  | { press: 'setting'; setting: string };

const upscaleStyles: Record<string, UpscaleStyle> = {
  upsample_v7_2x_subtle: 'subtle',
  upsample_v7_2x_creative: 'creative',
  upsample_v6r1_2x_subtle: 'subtle',
  upsample_v6r1_2x_creative: 'creative',
  upsample_v6_2x_subtle: 'subtle',
  upsample_v6_2x_creative: 'creative',
  upsample_v5_2x: '2x',
  upsample_v5_4x: '4x',
  upsample_max: 'max',
};

const hashPattern = '([0-9a-f-]{36})';
const patterns: [RegExp, (parts: string[]) => Press | undefined][] = [
  [
    new RegExp(`^MJ::JOB::upsample::([1-4])::${hashPattern}$`),
    ([index = '', hash = '']) => ({ press: 'pick', index: Number(index), hash }),
  ],
  [
    new RegExp(`^MJ::JOB::variation::1::${hashPattern}::SOLO$`),
    ([hash = '']) => ({ press: 'solo_variation', strength: 'plain', hash }),
  ],
  [
    new RegExp(`^MJ::JOB::variation::([1-4])::${hashPattern}$`),
    ([index = '', hash = '']) => ({ press: 'variation', index: Number(index), hash }),
  ],
  [new RegExp(`^MJ::JOB::reroll::0::${hashPattern}::SOLO$`), ([hash = '']) => ({ press: 'reroll', hash })],
  [
    new RegExp(`^MJ::JOB::(low|high)_variation::1::${hashPattern}::SOLO$`),
    ([strength, hash = '']) => ({
      press: 'solo_variation',
      strength: strength === 'low' ? 'subtle' : 'strong',
      hash,
    }),
  ],
  [
    new RegExp(`^MJ::JOB::(upsample_\\w+)::1::${hashPattern}::SOLO$`),
    ([name = '', hash = '']) => {
      const style = upscaleStyles[name];
      return style && { press: 'upscale', style, hash };
    },
  ],
  [
    new RegExp(`^MJ::Outpaint::(50|75)::1::${hashPattern}::SOLO$`),
    ([percent, hash = '']) => ({ press: 'zoom', factor: percent === '50' ? 2 : 1.5, hash }),
  ],
  [
    new RegExp(`^MJ::Outpaint::100::1::${hashPattern}::SOLO$`),
    ([hash = '']) => ({ press: 'make_square', hash }),
  ],
  [new RegExp(`^MJ::CustomZoom::(?:1::)?${hashPattern}$`), ([hash = '']) => ({ press: 'custom_zoom', hash })],
  [
    new RegExp(`^MJ::JOB::pan_(left|right|up|down)::1::${hashPattern}::SOLO$`),
    ([direction, hash = '']) => (isDirection(direction) ? { press: 'pan', direction, hash } : undefined),
  ],
  [new RegExp(`^MJ::Inpaint::1::${hashPattern}::SOLO$`), ([hash = '']) => ({ press: 'region', hash })],
  [
    new RegExp(`^MJ::JOB::animate_(high|low)::1::${hashPattern}::SOLO$`),
    ([motion, hash = '']) => ({ press: 'animate', motion: motion === 'low' ? 'low' : 'high', hash }),
  ],
  [
    new RegExp(`^MJ::JOB::video_virtual_upscale::([1-4])::${hashPattern}$`),
    ([index = '', hash = '']) => ({ press: 'video_pick', index: Number(index), hash }),
  ],
  [
    new RegExp(`^MJ::JOB::animate_(high|low)_extend::([1-4])::${hashPattern}(?:::SOLO)?$`),
    ([motion, index = '', hash = '']) => ({
      press: 'extend',
      motion: motion === 'low' ? 'low' : 'high',
      index: Number(index),
      hash,
    }),
  ],
  [new RegExp(`^MJ::BOOKMARK::${hashPattern}$`), ([hash = '']) => ({ press: 'bookmark', hash })],
  [new RegExp(`^MJ::CancelJob::ByJobid::${hashPattern}$`), ([hash = '']) => ({ press: 'cancel', hash })],
  [
    /^MJ::Job::(PicReader|PromptAnalyzer)::([1-5]|all)$/,
    ([under, number = '']) => ({
      press: 'imagine_text',
      of: under === 'PicReader' ? 'description' : 'shortening',
      number: number === 'all' ? 'all' : Number(number),
    }),
  ],
  [/^MJ::Picread::Retry$/, () => ({ press: 'describe_again' })],
  [/^MJ::Prompts::Appeal::[\w-]+$/, () => ({ press: 'appeal' })],
  [
    /^MJ::Moderation::(Acknowledge|Resubmit)::[\w-]+$/,
    ([choice]) => ({ press: 'moderation', choice: choice === 'Resubmit' ? 'resubmit' : 'acknowledge' }),
  ],
  [/^MJ::Verify::[ab]$/, () => ({ press: 'show_human' })],
  [/^MJ::Settings::(\w+(?:::\w+)?)$/, ([setting = '']) => ({ press: 'setting', setting })],
];

/** Parses a button's custom id; undefined if the bot has no such button. */
export function parseCustomId(customId: string): Press | undefined {
  for (const [pattern, toPress] of patterns) {
    const match = pattern.exec(customId);
    if (match) return toPress(match.slice(1));
  }
  return undefined;
}

function isDirection(text: string | undefined): text is Direction {
  return text === 'left' || text === 'right' || text === 'up' || text === 'down';
}
