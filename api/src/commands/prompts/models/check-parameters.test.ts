import { readFileSync } from 'node:fs';
import { parsePrompt } from '@midjourney-api/shared/midjourney/prompt';
import { describe, expect, test } from 'vitest';
import { checkParameters } from './check-parameters.ts';
import { namedModel } from './models.ts';
import { type ModelsFile, readModelsFile } from './models-file.ts';

const file = readModelsFile(
  readFileSync(new URL('../../../../../config/models.json', import.meta.url), 'utf8'),
);

/** Of a prompt that names its model, or is drawn with 8.2 by default. */
function check(written: string, matrix: ModelsFile = file) {
  const prompt = parsePrompt(written);
  const named = namedModel(matrix, prompt.params);
  return checkParameters(matrix, prompt, { name: named ?? '8.2', isGuess: named === undefined });
}

function shortOf(written: string) {
  const { errors, warnings } = check(written);
  const short = ({ parameter, code }: { parameter?: string; code: string }) =>
    `${parameter ? `${parameter} ` : ''}${code}`;
  return { errors: errors.map(short), warnings: warnings.map(short) };
}

const link = 'https://pictures.example/cat.png';
const everywhere = `--ar 3:2 --raw --no dogs, cars --chaos 100 --weird 3000 --stylize 1000 --seed 4294967295 --exp 100 --p --sref ${link}::2 1234 --sw 1000`;

describe('has nothing to say of', () => {
  test.each([
    'a cat',
    ...['6.1', '7', '7.0', '8.1', '8.2'].map((version) => `a cat ${everywhere} --v ${version}`),
    `a cat ${everywhere} --niji 7`,
    `a cat --oref ${link} --ow 400 --v 7`,
    `a cat --edit ${link} ${link} ${link} ${link} --hd --raw --v 8.2`,
    'a cat --cref x --cw 50 --niji 6',
    'a cat --aspect 14:1 --S 50 --VERSION 8.1',
    'cat:: dog::2 --v 6.1',
    `a cat --sref ${link}::2 ${link}::1 --v 8.2`,
    'a cat --iw 2.5 --v 8.2',
    'a cat --draft --turbo --q 4 --tile --v 7',
    'a {red, blue} cat --ar {1:1, 3:2} --v 8.2',
    'a cat --v 5.2 --stop 50',
    `${link} it jumps --video --motion high --raw --loop --bs 2`,
    `${link} --video 1 --end ${link}`,
    'a cat --repeat 3 --stealth --fast',
    'a cat like https://pictures.example/a::2 in the rain --v 8.2',
  ])('%s', (written) => {
    expect(check(written)).toEqual({ errors: [], warnings: [] });
  });
});

test.each<[string, string[], string[]?]>([
  ['a cat --foo 3 --v 7', ['foo unknown_parameter']],
  ['a cat --ar 3 --v 7', ['ar bad_value']],
  ['a cat --ar --v 7', ['ar bad_value']],
  ['a cat --ar 0:1 --v 7', ['ar bad_value']],
  ['a cat --ar 1.85:1 --v 7', ['ar bad_value']],
  ['a cat --ar 3:2 in the rain --v 7', ['ar bad_value']],
  ['a cat --s 1001 --v 7', ['stylize bad_value']],
  ['a cat --seed 1.5 --v 7', ['seed bad_value']],
  ['a cat --raw yes --v 7', ['raw bad_value']],
  ['a cat --no --v 7', ['no bad_value']],
  ['a cat --motion fast --video 1', ['motion bad_value']],
  ['a cat --iw 2.5 --niji 7', ['iw bad_value']],
  ['a cat --sv 6 --v 8.2', ['sv bad_value']],
  ['a cat --ar 15:1 --v 8.2', ['ar bad_value']],
  ['a cat --ar 5:1 --hd --v 8.2', ['ar bad_value']],
  [`a cat --oref ${link} ${link} --v 7`, ['oref bad_value']],
  [`a cat --edit ${`${link} `.repeat(5)} --v 8.2`, ['edit bad_value']],
  ['a cat --edit cat.png --v 8.2', ['edit bad_value']],
  [`a cat --oref ${link} --v 8.1`, ['oref not_taken']],
  [`a cat --cref ${link} --v 7`, ['cref not_taken']],
  [`a cat --edit ${link} --v 7`, ['edit not_taken']],
  [`a cat --edit ${link} --tile --v 8.2`, ['edit not_together'], ['tile uncertain']],
  [`a cat --oref ${link} --q 4 --v 7`, ['oref not_together']],
  [`a cat --oref ${link} --quality 1 --v 7`, []],
  ['cat:: dog::2 --v 8.2', [':: not_taken']],
  ['a cat --q 2 --v 8.2', ['q not_taken']],
  ['a cat --tile --v 8.2', [], ['tile uncertain']],
  ['a cat --turbo --v 8.2', [], ['turbo ignored']],
  [`${link} --video --turbo`, ['turbo not_taken']],
  [`${link} --video --stylize 50`, [], ['stylize ignored']],
  [`${link} --video --stylize 5000`, [], ['stylize bad_value']],
  ['a cat --motion low --v 8.2', [], ['motion uncertain']],
  ['a cat --hd --v 7', [], ['hd uncertain']],
  ['a cat --v 9', [], ['unknown_model']],
  ['a cat --v 7 --niji 7', [], ['v uncertain']],
])('%s', (written, errors, warnings = []) => {
  expect(shortOf(written)).toEqual({ errors, warnings });
});

describe('of a model that is only guessed', () => {
  test.each<[string, string[], string[]]>([
    [`a cat --oref ${link}`, [], ['oref not_taken']],
    ['a cat --ar 15:1', [], ['ar bad_value']],
    ['cat:: dog', [], [':: not_taken']],
    ['a cat --s 5000', ['stylize bad_value'], []],
    ['a cat --foo', ['foo unknown_parameter'], []],
  ])('%s', (written, errors, warnings) => {
    expect(shortOf(written)).toEqual({ errors, warnings });
  });
});

test.each([
  [
    `a cat --oref ${link} --v 8.2`,
    'Model 8.2 does not take --oref: use --edit instead. Midjourney refuses it, or draws with model 7 without saying so.',
  ],
  [`a cat --cref ${link} --v 7`, 'Model 7 does not take --cref: use --oref instead.'],
  ['a cat --draft --v 8.2', "Model 8.2 does not take --draft: leave it out. On Midjourney's website only."],
  [
    'cat:: dog --v 8.2',
    'Model 8.2 does not take weights of parts of the text (::): leave them out. Within --sref they are allowed.',
  ],
  [`a cat --edit ${link} --tile`, '--edit does not go together with --tile: leave one of them out.'],
  ['a cat --stylise 50', '--stylise is no parameter that is known here. Did you mean --stylize?'],
  ['a cat --s 5000', '--s takes a number from 0 to 1000, not "5000".'],
  ['a cat --ar', '--ar needs a ratio such as 3:2.'],
  [
    'a cat --raw in the rain',
    '--raw takes no value: leave "in the rain" out. Words behind a parameter belong in front of all parameters.',
  ],
  ['a cat --sv 6 --v 8.2', 'With model 8.2, --sv takes 7 only, not "6".'],
])('says of %s what to do', (written, sentence) => {
  const { errors, warnings } = check(written);
  expect([...errors, ...warnings].map(({ message }) => message)).toContain(sentence);
});

test('a prompt of nothing but wrong parameters gets a bounded answer', () => {
  const { errors } = check(`a cat ${'--x '.repeat(1_500)}`);
  expect(errors).toHaveLength(40);
});

test('says that a model was guessed', () => {
  expect(check('a cat --draft').warnings).toEqual([
    {
      parameter: 'draft',
      code: 'not_taken',
      message:
        "Model 8.2 does not take --draft: leave it out. On Midjourney's website only. The prompt names no model; it is probably drawn with 8.2.",
    },
  ]);
});

test('a model of which nothing is known is checked for nothing but what holds for all', () => {
  const origin = { source: 'a test', date: '2026-11' };
  const newer = { ...file, models: [{ name: '9', ...origin }, ...file.models] };
  expect(check(`a cat --oref ${link} --v 9`, newer)).toEqual({ errors: [], warnings: [] });
  expect(check('a cat --s 5000 --v 9', newer).errors).toHaveLength(1);
});
