import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import samples from './message-samples.json' with { type: 'json' };
import { parseContent } from './parse-content.ts';

/** The pieces that frames are made of, whole frames, and anything. */
const text = fc
  .array(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom('**', '** - ', '*', ' - ', '<@5>', '<@!5>', ' by ', ' ', '\n', '\n-# '),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          'Image #3 ',
          'Variations (Strong) by ',
          'Zoom Out by ',
          'Making variations for image #1 with prompt ',
          'Upscaling image #2 with ',
          'Rerolling ',
          ' (62%)',
          ' (fast)',
          ' (fast, stealth)',
          ' (Stopped)',
          ' (Waiting to start)',
          '<#1234567890#>',
        ),
      },
      { weight: 1, arbitrary: fc.constantFrom(...samples.messages.map(({ content }) => content)) },
      { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(''));

test('whatever a message says, it is read without an error, as a job within its bounds or not at all', () => {
  fc.assert(
    fc.property(text, (content) => {
      const parsed = parseContent(content);
      if (!parsed) return;
      expect(content).toContain(`**${parsed.prompt}** - `);
      if (parsed.index !== null) expect([1, 2, 3, 4]).toContain(parsed.index);
      if (parsed.progress !== null) expect(parsed.progress).toBeLessThanOrEqual(100);
      expect(parsed.userId).toMatch(/^\d+$/);
    }),
    { numRuns: 20_000 },
  );
});

describe('whatever the prompt says, the frame around it is read, and the prompt exactly:', () => {
  test.each(samples.messages)('$content', ({ content, ...expected }) => {
    const at = content.indexOf(`**${expected.prompt}**`) + 2;
    const [before, after] = [content.slice(0, at), content.slice(at + expected.prompt.length)];
    fc.assert(
      fc.property(text, (prompt) => {
        expect(parseContent(before + prompt + after)).toEqual({ ...expected, prompt });
      }),
      { numRuns: 500 },
    );
  });
});

/** Discord's longest message. */
const longest = 4_000;

test.each([
  ['frames without an end', '** - <@5> (fast) '],
  ['line breaks', '** - <@5>\n\n\n\n\n\n\n\n\n\n'],
  ['small print', '** - <@5>\n-# x \n \n'],
  ['notes', '** - <@5> (a) (b) (c)'],
  ['white space', ' \n \t \n'],
  ['stars', '**'],
  ['links', '** - <@5> [(a)](<https://a.b/c>)'],
])('the longest message is read at once, also one of %s', (_title, piece) => {
  for (const end of ['', 'x', '\n', '**', ' (', ')']) {
    const content = `**${piece.repeat(longest / piece.length)}${end}`;
    const start = performance.now();
    parseContent(content);
    parseContent(`**a** - <@5>${piece.repeat(longest / piece.length)}${end}`);
    expect(performance.now() - start).toBeLessThan(1_000);
  }
});
