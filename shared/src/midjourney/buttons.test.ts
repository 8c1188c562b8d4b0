import { describe, expect, it } from 'vitest';
import { readButtons } from './buttons.ts';

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
