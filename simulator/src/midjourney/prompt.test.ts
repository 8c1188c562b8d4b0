import { describe, expect, it } from 'vitest';
import { parsePrompt } from './prompt.ts';
import { isRefusal } from './refusals.ts';

function read(raw: string) {
  const prompt = parsePrompt(raw);
  if (isRefusal(prompt)) throw new Error(prompt.title);
  return prompt;
}

describe('the echo of a prompt', () => {
  it.each([
    ['a cat', 'a cat --v 8.2'],
    ['  a \n cat\t', 'a cat --v 8.2'],
    ['a cat --v 6', 'a cat --v 6.0'],
    ['a cat --v 5', 'a cat --v 5'],
    ['a cat --v 7 --raw', 'a cat --raw --v 7.0'],
    ['a cat --v 8.1', 'a cat --v 8.1'],
    ['a cat --niji', 'a cat --niji 7'],
    ['a cat --v 6.1 --ar 3:2', 'a cat --ar 3:2 --v 6.1'],
    ['a cat —ar 3:2', 'a cat --ar 3:2 --v 8.2'],
    ['a cat – asleep', 'a cat – asleep --v 8.2'],
    ['a cat --aspect 3:2 --stylize 50', 'a cat --ar 3:2 --s 50 --v 8.2'],
    ['a cat --niji 6 --relax', 'a cat --relax --niji 6'],
    ['a cat --no dogs, birds', 'a cat --no dogs, birds --v 8.2'],
    ['<#1234567890#> a cat', '<#1234567890#> a cat --v 8.2'],
    ['一只猫 🐱 "quoted"', '一只猫 🐱 "quoted" --v 8.2'],
    ['well-known --raw', 'well-known --raw --v 8.2'],
  ])('of "%s" is "%s"', (raw, echo) => {
    expect(read(raw).echo).toBe(echo);
  });

  it('shows a short link for an address, the same one each time', () => {
    const { echo, links } = read('https://example.com/a.png a cat');
    expect(echo).toMatch(/^<https:\/\/s\.mj\.run\/[\w]{11}> a cat --v 8\.2$/);
    expect(links).toEqual(['https://example.com/a.png']);
    expect(read('https://example.com/a.png a cat').echo).toBe(echo);
  });
});

describe('parameters', () => {
  it('are read', () => {
    expect(read('x --ar 16:9 --seed 12 --turbo --stealth')).toMatchObject({
      text: 'x',
      aspect: 16 / 9,
      seed: 12,
      speed: 'turbo',
      stealth: true,
    });
  });

  it.each([
    ['x --foo', 'Unrecognized parameter(s): `--foo`'],
    ['x --constructor', 'Unrecognized parameter(s): `--constructor`'],
    ['x --zoom 2', 'Unrecognized parameter(s): `--zoom`'],
    ['x --ar 3', 'Invalid value `3` for `--ar`'],
    ['x --ar 0:1', 'Invalid value `0:1` for `--ar`'],
    ['x --seed -1', 'Invalid value `-1` for `--seed`'],
    ['x --chaos 101', 'Invalid value `101` for `--c`'],
    ['x --v 9', 'Invalid value `9` for `--v`'],
    ['x --ar', 'Missing value for `--ar`'],
    ['x --raw and more text', 'Invalid value `and more text` for `--raw`'],
    ['x --niji --v 6', '`--niji` is not compatible with `--v`'],
    [' ', 'Prompt is empty. Write what you want to see.'],
    ['<#12#>', 'Prompt is empty. Write what you want to see.'],
  ])('"%s" is refused: %s', (raw, description) => {
    expect(parsePrompt(raw)).toMatchObject({ description });
  });
});
