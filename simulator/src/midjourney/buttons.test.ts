import { describe, expect, it } from 'vitest';
import type { InteractionMetadata } from '../discord/model.ts';
import { makeUser } from '../discord/users.ts';
import type { Picture } from '../pictures/pictures.ts';
import { resultButtons } from './buttons.ts';
import { parseCustomId } from './custom-ids.ts';
import { drawGrid, quadrant } from './derive-picture.ts';
import type { Job } from './jobs.ts';
import { parsePrompt } from './prompt.ts';
import { isRefusal } from './refusals.ts';

const hash = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';
const square = drawGrid('a cat', 1, { width: 64, height: 64 });
const wide = drawGrid('a cat', 1, { width: 96, height: 64 });

/** A job whose prompt was this one. */
function jobOf(raw: string, picture: Picture): Job {
  const prompt = parsePrompt(raw);
  if (isRefusal(prompt)) throw new Error(prompt.description);
  const interaction: InteractionMetadata = { id: '1', type: 2, user: makeUser('5', 'painter') };
  return {
    id: hash,
    kind: 'imagine',
    prompt: raw,
    echoedPrompt: prompt.echo,
    version: prompt.version,
    accountUserId: '5',
    applicationId: '6',
    guildId: '7',
    channelId: '8',
    interaction,
    messageIds: [],
    requestedAt: 0,
    state: 'done',
    fate: 'finish',
    seed: 1,
    speed: 'fast',
    stealth: false,
    picture,
  };
}

/** The custom ids of a job's buttons, without their common parts. */
function buttonsOf(job: Job): string[] {
  return resultButtons(job).flatMap(({ components }) =>
    components.flatMap((button) =>
      'custom_id' in button && button.custom_id
        ? [
            button.custom_id
              .replace(/^MJ::(JOB::)?/, '')
              .replace(`::${hash}`, '')
              .replace('::SOLO', ''),
          ]
        : [],
    ),
  );
}

const single = (raw: string, picture: Picture = square) => buttonsOf(jobOf(raw, quadrant(picture, 1)));
const variations = ['low_variation::1', 'high_variation::1'];
const zooms = ['Outpaint::50::1', 'Outpaint::75::1'];
const pans = ['pan_left::1', 'pan_right::1', 'pan_up::1', 'pan_down::1'];
const others = ['animate_high::1', 'animate_low::1', 'BOOKMARK'];
const link = 'https://example.com/a.png';

describe('the buttons under one picture', () => {
  it.each<[string, string[]]>([
    ['a cat --v 8.1', [...variations, ...zooms, ...pans, ...others]],
    ['a cat --v 8.2', [...variations, 'Inpaint::1', ...zooms, ...pans, ...others]],
    ['a cat --v 8.2 --sd', [...variations, 'Inpaint::1', ...zooms, ...pans, ...others]],
    ['a cat --v 8.2 --hd', [...variations, ...zooms, ...pans, ...others]],
    [
      'a cat --v 7',
      [
        'upsample_v7_2x_subtle::1',
        'upsample_v7_2x_creative::1',
        ...variations,
        'Inpaint::1',
        ...zooms,
        'CustomZoom',
        ...pans,
        ...others,
      ],
    ],
    [
      `a cat --v 7 --oref ${link}`,
      ['upsample_v7_2x_subtle::1', 'upsample_v7_2x_creative::1', ...variations, ...others],
    ],
    [
      'a cat --v 6.1',
      [
        'upsample_v6r1_2x_subtle::1',
        'upsample_v6r1_2x_creative::1',
        ...variations,
        'Inpaint::1',
        ...zooms,
        'CustomZoom::1',
        ...pans,
        ...others,
      ],
    ],
    ['a cat --v 4', ['upsample_max::1', 'variation::1', 'BOOKMARK']],
  ])('of %s', (prompt, buttons) => {
    expect(single(prompt)).toEqual(buttons);
  });

  it.each([
    ['a cat --v 7', wide, true],
    ['a cat --v 6.1', wide, true],
    ['a cat --v 7', square, false],
    ['a cat --v 8.2', wide, false],
  ])('of %s make it square where it is not', (prompt, picture, has) => {
    expect(single(prompt, picture).includes('Outpaint::100::1')).toBe(has);
  });

  it('are all understood when they are pressed, and link to the job', () => {
    for (const version of ['4', '5.2', '6', '6.1', '7', '8.1', '8.2']) {
      const components = resultButtons(jobOf(`a cat --v ${version}`, quadrant(wide, 1))).flatMap((row) => {
        expect(row.components.length).toBeLessThanOrEqual(5);
        return row.components;
      });
      for (const { custom_id } of components) {
        if (custom_id !== undefined) expect(parseCustomId(custom_id), custom_id).toBeDefined();
      }
      const links = components.flatMap((each) => ('url' in each && each.url ? [each.url] : []));
      expect(links).toEqual([`https://www.midjourney.com/jobs/${hash}`]);
    }
  });
});

describe('the buttons under a grid', () => {
  it('are the same for every model', () => {
    const expected = ['1', '2', '3', '4'].map((at) => `upsample::${at}`);
    for (const version of ['6.1', '7', '8.1', '8.2']) {
      const buttons = buttonsOf(jobOf(`a cat --v ${version}`, square));
      expect(buttons.slice(0, 4)).toEqual(expected);
      expect(buttons).toHaveLength(9);
    }
  });
});
