import { describe, expect, it } from 'vitest';
import { DefaultModels, readVersion } from './models.ts';
import { type PromptOptions, parsePrompt } from './prompt.ts';
import { isRefusal } from './refusals.ts';

const link = 'https://example.com/a.png';
const links = (count: number) => Array.from({ length: count }, () => link).join(' ');

/** What a prompt is refused with; undefined when it is drawn. */
function refusalOf(raw: string, options: PromptOptions = {}): string | undefined {
  const prompt = parsePrompt(raw, options);
  return isRefusal(prompt) ? `${prompt.title}: ${prompt.description}` : undefined;
}

describe('a parameter', () => {
  // Yes, no, or what is wrong, for V6.1, V7, V8.1, V8.2 and niji 7.
  it.each<[string, string]>([
    [`--edit ${link}`, '- - + + -'],
    [`--edit ${links(4)}`, '- - + + -'],
    [`--oref ${link}`, '- + - - -'],
    ['--ow 1000', '- + - - -'],
    [`--cref ${link}`, '+ - - - -'],
    ['--cw 50', '+ - - - -'],
    ['--q 2', '+ + - - +'],
    ['--draft', '- + - - -'],
    ['--hd', '- - + + -'],
    ['--sd', '- - + + -'],
    ['--iw 3', '+ + + + x'],
    ['--iw 2', '+ + + + +'],
    ['--tile', '+ + + + +'],
    ['--stop 50', '+ - + + +'],
    ['--sv 1', '+ x x x +'],
    ['--sv 4', '+ + x x +'],
    ['--sv 7', 'x x + + +'],
    ['--exp 100', '+ + + + +'],
    ['--ar 4:5 --raw --no dogs --c 100 --w 3000 --s 1000 --seed 4294967295', '+ + + + +'],
    [`--p abc --sref ${link}::2 ${link}::1 --sw 1000`, '+ + + + +'],
  ])('%s: %s', (parameter, taken) => {
    const name = /^--\w+/.exec(parameter)?.[0];
    const answers = ['--version 6.1', '--version 7.0', '--version 8.1', '--version 8.2', '--niji 7'].map(
      (version) => {
        const refusal = refusalOf(`a cat ${parameter} ${version}`);
        if (refusal === undefined) return '+';
        if (refusal === `Invalid parameter: \`${name}\` is not compatible with \`${version}\``) return '-';
        return /^Invalid parameter: Invalid value/.test(refusal) ? 'x' : refusal;
      },
    );
    expect(answers.join(' ')).toBe(taken);
  });

  it.each([
    [`--edit ${link} --tile`, '`--edit` is not compatible with `--tile`'],
    [`--oref ${link} --fast --v 7`, '`--oref` is not compatible with `--fast`'],
    [`--oref ${link} --draft --v 7`, '`--oref` is not compatible with `--draft`'],
    [`--oref ${link} --q 4 --v 7`, '`--oref` is not compatible with `--q 4`'],
    ['--hd --sd', '`--hd` is not compatible with `--sd`'],
    ['--hd --ar 5:1', '`--ar 5:1` is not compatible with `--hd`'],
    ['--hd --ar 1:5', '`--ar 1:5` is not compatible with `--hd`'],
    [`--edit ${links(5)}`, `Invalid value \`${links(5)}\` for \`--edit\``],
    ['--edit cat.png', 'Invalid value `cat.png` for `--edit`'],
    ['--ow 0 --v 7', 'Invalid value `0` for `--ow`'],
    ['--motion low', 'Unrecognized parameter(s): `--motion`'],
    ['--v niji 6', 'Invalid value `niji 6` for `--v`'],
  ])('%s is refused: %s', (parameters, why) => {
    expect(refusalOf(`a cat ${parameters}`)).toBe(`Invalid parameter: ${why}`);
  });

  it.each([
    [`--oref ${link} --q 2 --v 7`],
    ['--hd --ar 4:1'],
    ['--sd --ar 14:1'],
    [`--edit ${link} --hd --raw --sref ${link} --p`],
  ])('%s is drawn', (parameters) => {
    expect(refusalOf(`a cat ${parameters}`)).toBeUndefined();
  });
});

describe('weights', () => {
  it.each([
    ['a cat::2 a dog --v 7', false],
    ['a cat:: a dog --v 8.1', false],
    ['a cat::2 a dog', false],
    ['a cat::2 a dog --v 6.1', true],
    ['a cat::2 a dog --niji 7', true],
    [`a cat --sref ${link}::2`, true],
    [`${link} a cat`, true],
  ])('"%s": drawn is %s', (prompt, drawn) => {
    expect(refusalOf(prompt) === undefined).toBe(drawn);
  });
});

describe('a video', () => {
  it.each([
    [`${link} a cat runs --video`, 'a cat runs --video 1 --aspect 1:1', { motion: 'low', clips: 4 }],
    [
      `${link} --ar 16:9 --motion high --bs 1 --raw --video 1`,
      '--raw --motion high --bs 1 --video 1 --aspect 16:9',
      { motion: 'high', clips: 1 },
    ],
    [`${link} --loop --video`, '--end loop --video 1 --aspect 1:1', { motion: 'low', clips: 4, end: 'loop' }],
    [
      `${link} a cat --s 100 --hd --no dogs --oref ${link} --v 6 --video`,
      'a cat --video 1 --aspect 1:1',
      { motion: 'low', clips: 4 },
    ],
  ])('"%s" has only what videos have', (raw, echo, video) => {
    const prompt = parsePrompt(raw);
    expect(prompt).toMatchObject({ video });
    expect(prompt).toHaveProperty('echo', expect.stringMatching(/^<https:\/\/s\.mj\.run\/\w+> /));
    expect(isRefusal(prompt) ? '' : prompt.echo.replace(/^<\S+> /, '')).toBe(echo);
  });

  it.each([
    [`${link} a cat --video --turbo`, "Turbo mode isn't supported for video jobs"],
    [`${link} a cat --video --bs 3`, 'Invalid value `3` for `--bs`'],
    [`${link} a cat --video --foo`, 'Unrecognized parameter(s): `--foo`'],
    ['a cat --video', 'A video must begin with the link of a picture'],
  ])('"%s" is refused: %s', (raw, description) => {
    expect(parsePrompt(raw)).toMatchObject({ description });
  });
});

describe('the form of a picture', () => {
  const sizeOf = () => ({ width: 1024, height: 683 });
  it.each([
    ['that is edited is that of the first one', `a cat --edit ${link}`, 1.5],
    ['that is edited may be another', `a cat --edit ${link} --ar 2:1`, 2],
    ['is not that of a picture which it only resembles', `${link} a cat`, 1],
    ['is that of a video’s picture', `${link} a cat --video`, 1.5],
  ])('%s', (_name, raw, aspect) => {
    expect(parsePrompt(raw, { sizeOf })).toMatchObject({ aspect });
  });
});

describe('the model', () => {
  it.each([
    ['the newest unless the prompt names one', 'a cat', {}, '8.2'],
    ['what the account or Midjourney has chosen', 'a cat', { defaultVersion: '6.1' }, '6.1'],
    ['what the prompt names', 'a cat --v 7', { defaultVersion: '6.1' }, '7.0'],
    ['niji’s newest when none is named', 'a cat --niji', {}, 'niji 7'],
    ['another one without a word', `a cat --oref ${link} --v 8.1`, { drawnBy: '7.0' }, '7.0'],
  ])('is %s', (_name, raw, options, version) => {
    expect(parsePrompt(raw, options)).toMatchObject({
      version,
      echo: expect.stringMatching(new RegExp(`(--v |--)${version}$`)),
    });
  });

  it('is one that there is', () => {
    expect(readVersion('7')).toBe('7.0');
    expect(() => readVersion('9')).toThrow('there is no model "9"');
    const models = new DefaultModels('6.1');
    models.midjourney = '8.1';
    models.reset();
    expect(models.midjourney).toBe('6.1');
  });
});
