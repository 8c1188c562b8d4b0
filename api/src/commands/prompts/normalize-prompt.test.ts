import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizePrompt } from './normalize-prompt.ts';

describe('leaves what people write as it is', () => {
  test.each([
    'a cat --ar 3:2 --v 7 --no dogs',
    '一只可爱的猫，坐在窗台上',
    '"quoted" and \'single\' and `code` and **bold**',
    '😀 👩‍🚀 👨‍👩‍👧 ❤️ 🏳️‍🌈 👍🏽 👩🏽‍🚀',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿 flag',
    'می‌خواهم',
    'क्‍ष',
    '<@1097074882203303911> <@&1> @everyone <:name:123>',
    'a < b, a # b, 1 <1> #1#',
    '/imagine prompt',
    'café naïve ﬁne',
  ])('%s', (prompt) => {
    expect(normalizePrompt(prompt)).toBe(prompt);
  });
});

test.each([
  ['spaces around it', '  a cat \n', 'a cat'],
  ['line breaks', 'a\r\ncat\non\u2028a\u2029mat\u0085now', 'a cat on a mat now'],
  ['tabs and other spaces', 'a\t\u00a0\u3000\u2003cat', 'a cat'],
  ['control characters', 'a\u0000\u0007c\u001bat\u007f', 'acat'],
  ['zero-width characters', 'a\u200b c\u2060a\ufefft\u00ad', 'a cat'],
  ['direction overrides', '\u202ea cat\u202c \u2066x\u2069', 'a cat x'],
  ['joiners outside emoji', 'c\u200da\u200ct', 'cat'],
  ['tags that hide text', 'a cat\u{E0049}\u{E0067}', 'a cat'],
  ['tags that hide text behind a flag', `🏴${'\u{E0061}'.repeat(9)}`, `🏴${'\u{E0061}'.repeat(6)}`],
  ['halves of characters', 'a \ud800cat\udc00', 'a cat'],
  ['nothing but what is removed', ' \u200b\n', ''],
])('removes %s', (_title, prompt, expected) => {
  expect(normalizePrompt(prompt)).toBe(expected);
});

describe('breaks what could be taken for a marker', () => {
  test.each([
    ['<#1234567890#> a cat', '< #1234567890#> a cat'],
    ['a <#1<#2#>3#> cat', 'a < #1< #2#>3#> cat'],
    ['<<##1234567890#>#>', '<< ##1234567890#>#>'],
    ['<\u200b#1234567890#>', '< #1234567890#>'],
    ['<\u0000#1234567890#>', '< #1234567890#>'],
    ['<\n#1234567890#>', '< #1234567890#>'],
  ])('%j', (prompt, expected) => {
    expect(normalizePrompt(prompt)).toBe(expected);
  });
});

const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<',
        '#',
        '<#',
        '#>',
        '1234567890',
        ' ',
        '\n',
        '\u200b',
        '\u200d',
        '\u0000',
        '\u202e',
        '👩',
        '🚀',
        '\ufe0f',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

test('whatever is sent, no marker, line break or control character is left, and twice is as once', () => {
  fc.assert(
    fc.property(nasty, (prompt) => {
      const normal = normalizePrompt(prompt);
      expect(normal).not.toContain('<#');
      expect(normal).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]| {2}|^ | $/u);
      expect(normalizePrompt(normal)).toBe(normal);
    }),
    { numRuns: 2_000 },
  );
});
