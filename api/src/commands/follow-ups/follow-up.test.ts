import { readButtons } from '@midjourney-api/shared/midjourney/buttons';
import { describe, expect, it } from 'vitest';
import { customIdFromHash, type FollowUp, findButton } from './follow-up.ts';

const hash = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';
const row = (...customIds: string[]) => ({
  type: 1,
  components: customIds.map((customId) => ({ type: 2, custom_id: customId, label: customId.slice(0, 20) })),
});
const grid = [
  row(...[1, 2, 3, 4].map((i) => `MJ::JOB::upsample::${i}::${hash}`), `MJ::JOB::reroll::0::${hash}::SOLO`),
  row(...[1, 2, 3, 4].map((i) => `MJ::JOB::variation::${i}::${hash}`)),
];
const picture = [
  row(
    `MJ::JOB::upsample_v7_2x_subtle::1::${hash}::SOLO`,
    `MJ::JOB::upsample_v7_2x_creative::1::${hash}::SOLO`,
  ),
  row(`MJ::JOB::low_variation::1::${hash}::SOLO`, `MJ::JOB::high_variation::1::${hash}::SOLO`),
  row(`MJ::Outpaint::50::1::${hash}::SOLO`, `MJ::Outpaint::75::1::${hash}::SOLO`, `MJ::CustomZoom::${hash}`),
  row(
    ...['left', 'right', 'up', 'down'].map((d) => `MJ::JOB::pan_${d}::1::${hash}::SOLO`),
    `MJ::BOOKMARK::${hash}`,
  ),
];
const version5 = [
  row(`MJ::JOB::upsample_v5_2x::1::${hash}::SOLO`, `MJ::JOB::upsample_v5_4x::1::${hash}::SOLO`),
];
const olderPicture = [row(`MJ::JOB::variation::1::${hash}::SOLO`, `MJ::JOB::upsample_max::1::${hash}::SOLO`)];

describe('findButton', () => {
  type Case = [string, typeof grid, FollowUp, string | undefined];
  const cases: Case[] = [
    ['U3 of a grid', grid, { type: 'upscale', index: 3 }, `MJ::JOB::upsample::3::${hash}`],
    ['V2 of a grid', grid, { type: 'variation', index: 2 }, `MJ::JOB::variation::2::${hash}`],
    ['reroll of a grid', grid, { type: 'reset' }, `MJ::JOB::reroll::0::${hash}::SOLO`],
    ['a variation of a grid is no solo variation', grid, { type: 'solo_variation' }, undefined],
    ['a solo variation is no V1', olderPicture, { type: 'variation', index: 1 }, undefined],
    [
      'plain variation of an older picture',
      olderPicture,
      { type: 'solo_variation' },
      `MJ::JOB::variation::1::${hash}::SOLO`,
    ],
    [
      'Vary (Strong) where there is no plain one',
      picture,
      { type: 'solo_variation' },
      `MJ::JOB::high_variation::1::${hash}::SOLO`,
    ],
    ['Vary (Subtle)', picture, { type: 'solo_low_variation' }, `MJ::JOB::low_variation::1::${hash}::SOLO`],
    ['Vary (Strong)', picture, { type: 'solo_high_variation' }, `MJ::JOB::high_variation::1::${hash}::SOLO`],
    ['pan up', picture, { type: 'expand', direction: 'up' }, `MJ::JOB::pan_up::1::${hash}::SOLO`],
    ['zoom 2x', picture, { type: 'zoomout', zoomout: 50 }, `MJ::Outpaint::50::1::${hash}::SOLO`],
    ['zoom 1.5x', picture, { type: 'zoomout', zoomout: 75 }, `MJ::Outpaint::75::1::${hash}::SOLO`],
    ...(
      [
        ['v7', 'subtle', picture, 'upsample_v7_2x_subtle'],
        ['v7', 'creative', picture, 'upsample_v7_2x_creative'],
        ['version 5', 'subtle', version5, 'upsample_v5_2x'],
        ['version 5', 'creative', version5, 'upsample_v5_4x'],
        ['an older picture', 'subtle', olderPicture, 'upsample_max'],
        ['an older picture', 'creative', olderPicture, 'upsample_max'],
      ] as const
    ).map(
      ([of, style, shown, name]): Case => [
        `max upscale of ${of}, ${style}`,
        shown,
        { type: 'max_upscale', style },
        `MJ::JOB::${name}::1::${hash}::SOLO`,
      ],
    ),
    [
      'animate with low motion',
      [row(`MJ::JOB::animate_high::1::${hash}::SOLO`, `MJ::JOB::animate_low::1::${hash}::SOLO`)],
      { type: 'animate', motion: 'low' },
      `MJ::JOB::animate_low::1::${hash}::SOLO`,
    ],
    ['no upscale of a single picture', picture, { type: 'upscale', index: 1 }, undefined],
  ];
  it.each(cases)('%s', (_name, components, wanted, customId) => {
    expect(findButton(readButtons(components), wanted)?.custom_id).toBe(customId);
  });

  it.each(cases.filter(([, , , customId]) => customId && !/high|upsample_/.test(customId)))(
    'is the same as built from the hash: %s',
    (_name, _components, wanted, customId) => {
      expect(customIdFromHash(wanted, hash)).toBe(customId);
    },
  );
});
