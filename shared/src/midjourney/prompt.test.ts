import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Prompt, parsePrompt, printPrompt } from './prompt.ts';

const nothing: Prompt = { links: [], text: '', params: [] };

describe('parsePrompt', () => {
  test.each<[string, Partial<Prompt>]>([
    ['', {}],
    ['a cat', { text: 'a cat' }],
    ['  a \n cat  ', { text: 'a cat' }],
    ['a cat --ar 3:2 --raw', { text: 'a cat', params: [param('ar', '3:2'), param('raw')] }],
    ['a cat —ar 3:2 –raw', { text: 'a cat', params: [param('ar', '3:2'), param('raw')] }],
    ['a cat --no dogs, red  cars', { text: 'a cat', params: [param('no', 'dogs, red cars')] }],
    [
      'https://a.example/1.png <https://s.mj.run/x> a cat',
      { links: ['https://a.example/1.png', '<https://s.mj.run/x>'], text: 'a cat' },
    ],
    ['a cat like https://a.example/1.png', { text: 'a cat like https://a.example/1.png' }],
    ['https://a.example/1.png --v 7', { links: ['https://a.example/1.png'], params: [param('v', '7')] }],
    [
      'a cat --sref https://a.example/1.png::2 1234 --sw 50',
      { text: 'a cat', params: [param('sref', 'https://a.example/1.png::2 1234'), param('sw', '50')] },
    ],
    ['a cat --p --p abc', { text: 'a cat', params: [param('p'), param('p', 'abc')] }],
    ['a cat --AR 1:1 --ar 3:2', { text: 'a cat', params: [param('AR', '1:1'), param('ar', '3:2')] }],
    ['a cat --ar 3:2 in the rain', { text: 'a cat', params: [param('ar', '3:2 in the rain')] }],
    ['--v 7', { params: [param('v', '7')] }],
    ['a -- b – c — d --2 well--known', { text: 'a -- b – c — d --2 well--known' }],
    ['cat:: dog::2 --niji', { text: 'cat:: dog::2', params: [param('niji')] }],
  ])('%j', (written, expected) => {
    expect(parsePrompt(written)).toEqual({ ...nothing, ...expected });
  });
});

function param(name: string, value = '') {
  return { name, value };
}

const startsLink = /^<?https?:\/\/\S/i;
const word = fc
  .oneof(
    fc.constantFrom(
      '--',
      '—',
      '–',
      '-',
      '--2',
      '::2',
      'a--b',
      '{a,',
      'b}',
      'dogs,',
      'https://a.example/1.png',
    ),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
  )
  .filter((written) => !/\s/.test(written) && !/^(?:--|[—–])\p{L}/u.test(written));
const words = fc.array(word, { maxLength: 5 }).map((all) => all.join(' '));
const name = fc.stringMatching(/^[a-zA-Z][\w-]{0,7}$/);
const prompt = fc.record({
  links: fc.array(fc.webUrl(), { maxLength: 3 }),
  text: words.filter((text) => !startsLink.test(text)),
  params: fc.array(fc.record({ name, value: words }), { maxLength: 5 }),
});

test('what is printed is read again as it was', () => {
  fc.assert(
    fc.property(prompt, (written) => {
      expect(parsePrompt(printPrompt(written))).toEqual(written);
    }),
    { numRuns: 2_000 },
  );
});

test('what is read of any text and printed stays the same from then on', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), words), (text) => {
      const printed = printPrompt(parsePrompt(text));
      expect(printPrompt(parsePrompt(printed))).toBe(printed);
    }),
    { numRuns: 2_000 },
  );
});
