import { describe, expect, it } from 'vitest';
import { readButtons, showButton } from './buttons.ts';

const hash = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';
const row = (...customIds: string[]) => ({
  type: 1,
  components: customIds.map((customId) => ({ type: 2, custom_id: customId, label: customId.slice(0, 20) })),
});
const grid = [
  row(...[1, 2, 3, 4].map((i) => `MJ::JOB::upsample::${i}::${hash}`), `MJ::JOB::reroll::0::${hash}::SOLO`),
  row(...[1, 2, 3, 4].map((i) => `MJ::JOB::variation::${i}::${hash}`)),
];

describe('readButtons', () => {
  it('lists the buttons with what this service calls them, and leaves out links', () => {
    const link = { type: 1, components: [{ type: 2, label: 'Web' }] };
    const buttons = readButtons([...grid, link]);
    expect(buttons.map(({ action }) => action)).toEqual([
      ...Array(4).fill('upscale'),
      'reset',
      ...Array(4).fill('variation'),
    ]);
  });

  it('labels a button that has only an emoji by that', () => {
    expect(
      readButtons([{ type: 1, components: [{ type: 2, custom_id: 'x', emoji: { name: '🔄' } }] }]),
    ).toEqual([{ label: '🔄', custom_id: 'x' }]);
  });
});

describe('showButton says in words', () => {
  const shown = (customId: string) => showButton({ label: '🔎', custom_id: customId });
  it.each([
    [`MJ::JOB::upsample::2::${hash}`, 'Upscale 2'],
    [`MJ::JOB::variation::3::${hash}`, 'Vary 3', 'maybe'],
    [`MJ::JOB::reroll::0::${hash}::SOLO`, 'Reroll', 'maybe'],
    [`MJ::JOB::variation::1::${hash}::SOLO`, 'Vary', 'maybe'],
    [`MJ::JOB::low_variation::1::${hash}::SOLO`, 'Vary (Subtle)', 'maybe'],
    [`MJ::JOB::high_variation::1::${hash}::SOLO`, 'Vary (Strong)', 'maybe'],
    [`MJ::JOB::upsample_v6r1_2x_creative::1::${hash}::SOLO`, 'Upscale (Creative)'],
    [`MJ::JOB::upsample_v5_4x::1::${hash}::SOLO`, 'Upscale (4x)'],
    [`MJ::Outpaint::50::1::${hash}::SOLO`, 'Zoom out 2x'],
    [`MJ::Outpaint::75::1::${hash}::SOLO`, 'Zoom out 1.5x'],
    [`MJ::Outpaint::100::1::${hash}::SOLO`, 'Make square'],
    [`MJ::CustomZoom::${hash}`, 'Custom zoom', 'always'],
    [`MJ::JOB::pan_left::1::${hash}::SOLO`, 'Pan left', 'maybe'],
    [`MJ::JOB::animate_low::1::${hash}::SOLO`, 'Animate (Low motion)', 'maybe'],
    [`MJ::JOB::animate_high_extend::1::${hash}::SOLO`, 'Extend (High motion)', 'maybe'],
    [`MJ::JOB::video_virtual_upscale::4::${hash}`, 'Upscale video 4'],
    ['MJ::Job::PicReader::1', 'Draw prompt 1', 'always'],
    ['MJ::Job::PromptAnalyzer::5', 'Draw prompt 5', 'maybe'],
    ['MJ::Picread::Retry', 'Describe again'],
    ['MJ::Brand::New', '🔎'],
  ])('%s: %s, form %s', (customId, name, form?: string) => {
    const { name: shownName, form: shownForm, unavailable } = shown(customId);
    expect([shownName, shownForm, unavailable]).toEqual([name, form, undefined]);
  });

  it('why a button that draws nothing cannot be pressed', () => {
    expect(shown(`MJ::BOOKMARK::${hash}`)).toMatchObject({
      name: 'Favourite',
      unavailable: 'It only marks a favourite at Midjourney and draws nothing.',
    });
  });
});
