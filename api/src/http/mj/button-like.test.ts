import { describe, expect, test } from 'vitest';
import { buttonLike } from './button-like.ts';

const job = '2f0c8a5e-0000-4000-8000-000000000001';
const other = 'd9428888-122b-11e1-b85c-61cd3cbb3210';

const grid = [
  ...[1, 2, 3, 4].map((n) => `MJ::JOB::upsample::${n}::${job}`),
  `MJ::JOB::reroll::0::${job}::SOLO`,
  ...[1, 2, 3, 4].map((n) => `MJ::JOB::variation::${n}::${job}`),
];
const single = [
  `MJ::JOB::upsample_v7_2x_subtle::1::${job}::SOLO`,
  `MJ::JOB::upsample_v7_2x_creative::1::${job}::SOLO`,
  `MJ::JOB::low_variation::1::${job}::SOLO`,
  `MJ::JOB::high_variation::1::${job}::SOLO`,
  `MJ::Inpaint::1::${job}::SOLO`,
  `MJ::Outpaint::50::1::${job}::SOLO`,
  `MJ::Outpaint::75::1::${job}::SOLO`,
  `MJ::Outpaint::100::1::${job}::SOLO`,
  `MJ::CustomZoom::${job}`,
  ...['left', 'right', 'up', 'down'].map((way) => `MJ::JOB::pan_${way}::1::${job}::SOLO`),
  `MJ::JOB::animate_high::1::${job}::SOLO`,
  `MJ::JOB::animate_low::1::${job}::SOLO`,
  `MJ::BOOKMARK::${job}`,
];
const older = [`MJ::JOB::variation::1::${job}::SOLO`, `MJ::JOB::upsample_max::1::${job}::SOLO`];
const videos = [
  ...[1, 2, 3, 4].map((n) => `MJ::JOB::video_virtual_upscale::${n}::${job}`),
  `MJ::JOB::animate_low_extend::2::${job}::SOLO`,
];
const described = [1, 2, 3, 4].map((n) => `MJ::Job::PicReader::${n}`);
const shortened = [1, 2, 3, 4, 5].map((n) => `MJ::Job::PromptAnalyzer::${n}`);
const unknown = [`MJ::JOB::new_thing::1::${job}::SOLO`, `MJ::Novelty::1::${job}`];

const buttonsOf = (customIds: string[]) =>
  customIds.map((customId) => ({ custom_id: customId, label: customId.slice(4, 20) }));
const found = (customIds: string[], customId: string) =>
  buttonLike(buttonsOf(customIds), customId)?.custom_id;

describe('a custom_id that a client built', () => {
  test.each([
    ['geekai: U2', grid, `MJ::JOB::upsample::2::${other}`, grid[1]],
    ['geekai: V3', grid, `MJ::JOB::variation::3::${other}`, grid[7]],
    ['Comfly: V1 with the end of a single picture', grid, `MJ::JOB::variation::1::${other}::SOLO`, grid[5]],
    ['Comfly: reroll with another index', grid, `MJ::JOB::reroll::1::${other}::SOLO`, grid[4]],
    ['Comfly: pan with another index', single, `MJ::JOB::pan_left::2::${other}::SOLO`, single[9]],
    ['Comfly: zoom 2x', single, `MJ::Outpaint::50::2::${other}::SOLO`, single[5]],
    ['Comfly: zoom 1.5x', single, `MJ::Outpaint::75::4::${other}::SOLO`, single[6]],
    ['Comfly: make square', single, `MJ::Outpaint::100::2::${other}::SOLO`, single[7]],
    ['Comfly: custom zoom', single, `MJ::CustomZoom::${other}`, single[8]],
    ['Comfly: custom zoom with an index', single, `MJ::CustomZoom::1::${other}`, single[8]],
    ['Comfly: region with two indexes', single, `MJ::Inpaint::1::2::${other}::SOLO`, single[4]],
    ['a strong variation', single, `MJ::JOB::high_variation::3::${other}::SOLO`, single[3]],
    ['an upscale', single, `MJ::JOB::upsample_v7_2x_creative::2::${other}::SOLO`, single[1]],
    ['an animation', single, `MJ::JOB::animate_low::4::${other}::SOLO`, single[14]],
    [
      'the variation of an older picture, without its end',
      older,
      `MJ::JOB::variation::1::${other}`,
      older[0],
    ],
    ['a video of four', videos, `MJ::JOB::video_virtual_upscale::3::${other}`, videos[2]],
    ['an extension with another number', videos, `MJ::JOB::animate_low_extend::1::${other}::SOLO`, videos[4]],
    ['a described prompt', described, 'MJ::Job::PicReader::3', described[2]],
    ['a shortened prompt', shortened, 'MJ::Job::PromptAnalyzer::5', shortened[4]],
    ['a button that is not known here', unknown, `MJ::JOB::new_thing::2::${other}`, unknown[0]],
    ['another one', unknown, `MJ::Novelty::7::${other}::SOLO`, unknown[1]],
  ])('%s is found without its uuid', (_what, buttons, customId, expected) => {
    expect(expected).toBeDefined();
    expect(found(buttons, customId)).toBe(expected);
  });

  test('is the very one that the picture shows, where there are two of a kind', () => {
    const two = [`MJ::CustomZoom::${other}`, `MJ::CustomZoom::${job}`];
    expect(found(two, two[1] ?? '')).toBe(two[1]);
  });

  test.each([
    ['a number that the picture does not offer', shortened.slice(0, 3), 'MJ::Job::PromptAnalyzer::4'],
    ['a described prompt, of shortened ones', shortened, 'MJ::Job::PicReader::1'],
    ['a pick, of a single picture', single, `MJ::JOB::upsample::1::${job}`],
    ['a variation of four, of a single picture of today', single, `MJ::JOB::variation::1::${job}`],
    ['a size that the picture does not offer', single, `MJ::Outpaint::33::1::${job}::SOLO`],
    ['another direction', single.slice(0, 10), `MJ::JOB::pan_up::1::${job}::SOLO`],
    ['a fifth picture', grid, `MJ::JOB::upsample::5::${job}`],
    ['another unknown button', unknown, `MJ::JOB::other_thing::1::${job}::SOLO`],
    ['what is no custom_id', grid, 'U1'],
    ['nothing', grid, ''],
  ])('%s is not taken for another', (_what, buttons, customId) => {
    expect(found(buttons, customId)).toBeUndefined();
  });
});
