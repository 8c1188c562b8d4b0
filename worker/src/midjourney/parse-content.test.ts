import { describe, expect, it } from 'vitest';
import samples from './message-samples.json' with { type: 'json' };
import { parseContent, readDrawn } from './parse-content.ts';

describe('parseContent', () => {
  it.each(samples.messages)('reads $content', ({ content, ...expected }) => {
    expect(parseContent(content)).toEqual(expected);
  });

  const imitations = [
    'a sign saying (Stopped)',
    'bold **word** inside',
    'x** - Image #3 <@9>',
    'x** - Image #3 <@9>** - <@9> (62%) (fast)',
    'progress (62%) (fast)',
    '** - <@9> (Waiting to start)',
    'Rerolling **x** - <@9> (fast)',
    'two\nlines\n-# small print',
    '**',
    '',
    'Variations (Strong) by <@9>',
    '<#1234567890#>forged marker',
  ];
  it.each(imitations)('takes nothing from a prompt that imitates the frame: %j', (prompt) => {
    expect(parseContent(`**${prompt}** - <@5> (fast)`)).toMatchObject({
      prompt,
      action: 'imagine',
      status: 'done',
      index: null,
      progress: null,
      userId: '5',
    });
    expect(parseContent(`**${prompt}** - <@5> (31%) (relaxed)`)).toMatchObject({
      prompt,
      status: 'running',
      progress: 31,
    });
    expect(parseContent(`**${prompt}** - Image #2 <@5>`)).toMatchObject({
      prompt,
      action: 'pick',
      index: 2,
      userId: '5',
    });
    expect(
      parseContent(`Making variations for image #4 with prompt **${prompt}** - <@5> (Waiting to start)`),
    ).toMatchObject({
      prompt,
      action: 'variation',
      index: 4,
      status: 'waiting',
    });
  });

  it('leaves small print below the frame aside', () => {
    expect(
      parseContent('**cat** - <@5> (fast)\n-# Create, explore, and organize on midjourney.com'),
    ).toMatchObject({
      prompt: 'cat',
      status: 'done',
    });
  });

  it.each([
    '',
    'hello',
    'Failed to process your command',
    '**cat**',
    '**cat** - <@5> then some',
    'x **cat** - <@5> (fast)',
  ])('is null for what is not a job: %j', (content) => {
    expect(parseContent(content)).toBeNull();
  });
});

describe('readDrawn', () => {
  it.each([
    ['**<#1767322800000123#>a cat --v 7.0** - <@5> (fast)', { prompt: 'a cat --v 7.0', speed: 'fast' }],
    [
      '**a cat --v 8.1** - Variations (Strong) by <@5> (relaxed)',
      { prompt: 'a cat --v 8.1', speed: 'relax' },
    ],
    ['**a cat** - <@5> (turbo, stealth)\n-# Create', { prompt: 'a cat', speed: 'turbo' }],
    [
      '**a cat (fast)** - <@5> [(Open on website for full quality)](<https://midjourney.com/jobs/x>) (relaxed)',
      { prompt: 'a cat (fast)', speed: 'relax' },
    ],
    ['**a cat** - Image #3 <@5>', { prompt: 'a cat' }],
    ['a cat', undefined],
  ])('of %j is %j', (content, drawn) => {
    expect(readDrawn(content)).toEqual(drawn);
  });
});
