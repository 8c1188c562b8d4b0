import type { Press } from '@midjourney-api/shared/midjourney/custom-id';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import { describe, expect, test } from 'vitest';
import { proposedText, textForForm } from './form-text.ts';

const zoom: Press = { kind: 'custom_zoom' };
const reroll: Press = { kind: 'reroll' };
const region: Press = { kind: 'region' };

describe('what a form proposes', () => {
  const drawn = aTask({ prompt: 'a fox', drawn: { prompt: 'a fox --v 7' } });
  test.each<[string, Press, Parameters<typeof proposedText>[0], string]>([
    ['the prompt as Midjourney repeats it', reroll, drawn, 'a fox --v 7'],
    ['the prompt of the task, where that is all that is known', reroll, aTask({ prompt: 'a fox' }), 'a fox'],
    ['of a region the prompt too', region, drawn, 'a fox --v 7'],
    ['of a custom zoom with the zoom of the form', zoom, drawn, 'a fox --v 7 --zoom 2'],
    [
      'of a custom zoom with the zoom of the prompt',
      zoom,
      aTask({ prompt: 'a fox --zoom 1.4' }),
      'a fox --zoom 1.4',
    ],
    ['of a custom zoom without a prompt its zoom alone', zoom, aTask({ prompt: '' }), '--zoom 2'],
    [
      'of a number its text',
      { kind: 'described_prompt', number: 2 },
      aTask({ prompt: '', texts: ['one', 'two'] }),
      'two',
    ],
  ])('%s', (_what, press, parent, expected) => {
    expect(proposedText(parent, press)).toBe(expected);
  });
});

describe('what is written into a form', () => {
  test.each<[string, Press, string, string, string | undefined]>([
    ['nothing where nothing was written', reroll, 'a fox', '', undefined],
    ['nothing where what it proposes was sent back', reroll, 'a fox', ' a fox ', undefined],
    ['another prompt', reroll, 'a fox', ' a hare ', 'a hare'],
    ['for a custom zoom its zoom', zoom, 'a fox --zoom 2', 'a hare --zoom 1.5', 'a hare --zoom 1.5'],
    [
      'for a custom zoom with a ratio alone the zoom too',
      zoom,
      'a --zoom 2',
      'b --ar 3:2',
      'b --ar 3:2 --zoom 2',
    ],
    [
      'nothing for a custom zoom that is sent back without its zoom',
      zoom,
      'a fox --zoom 2',
      'a fox',
      undefined,
    ],
    ['nothing for a custom zoom without a prompt', zoom, 'a fox --zoom 2', ' ', undefined],
  ])('%s', (_what, press, proposed, written, expected) => {
    expect(textForForm(press, proposed, written)).toBe(expected);
  });
});
