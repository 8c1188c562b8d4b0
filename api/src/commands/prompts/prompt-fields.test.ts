import { readFileSync } from 'node:fs';
import { parsePrompt, printPrompt } from '@midjourney-api/shared/midjourney/prompt';
import { describe, expect, test } from 'vitest';
import { readModelsFile } from './models/models-file.ts';
import { type PromptFields, withFields } from './prompt-fields.ts';

const file = readModelsFile(readFileSync(new URL('../../../../config/models.json', import.meta.url), 'utf8'));
const write = (prompt: string, fields: PromptFields) =>
  printPrompt(withFields(file, parsePrompt(prompt), fields));

test.each<[string, PromptFields, string]>([
  ['a cat', { ar: '3:2', stylize: 250, raw: true }, 'a cat --ar 3:2 --stylize 250 --raw'],
  ['a cat --seed 1', { no: ['dogs', 'red cars'] }, 'a cat --seed 1 --no dogs, red cars'],
  ['a cat', { sref: ['https://a.example/1.png::2', '123'] }, 'a cat --sref https://a.example/1.png::2 123'],
  ['a cat', { raw: false, tile: null, p: '' }, 'a cat --p'],
  ['a cat --s 250 --v 7.0', { stylize: 250, v: 7 }, 'a cat --s 250 --v 7.0'],
  ['a cat --niji 7', { niji: '7' }, 'a cat --niji 7'],
  ['a cat', { chaos: ' 5 ' }, 'a cat --chaos 5'],
])('%s with %j', (prompt, fields, expected) => {
  expect(write(prompt, fields)).toBe(expected);
});

describe('refuses', () => {
  test.each<[string, PromptFields, RegExp]>([
    [
      'a cat --s 100',
      { stylize: 50 },
      /^params\.stylize: is "50", but --s 100 is there too: write one of the two\.$/,
    ],
    ['a cat --raw', { raw: false }, /params\.raw: is false, but --raw is there/],
    ['a cat --v 7', { v: '8.1' }, /params\.v: is "8\.1", but --v 7/],
    ['a cat --v 7', { niji: 7 }, /params\.niji/],
    ['a cat', { v: 7, niji: 7 }, /params\.niji/],
    ['a cat', { s: 1, stylize: 2 }, /params\.stylize/],
    ['a cat', { no: 'dogs --v 5' }, /params\.no: must be the value of one parameter/],
    ['a cat', { no: 'dogs \u200b—v 5' }, /params\.no/],
    ['a cat', { no: ['--v 5'] }, /params\.no/],
  ])('%s with %j', (prompt, fields, reason) => {
    expect(() => write(prompt, fields)).toThrow(reason);
  });
});
