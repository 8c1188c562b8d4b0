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

  const job = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';
  it.each([
    ['(31.5%) (fast)', { status: 'running', progress: 31 }],
    ['(93%)(relaxed)', { status: 'running', progress: 93 }],
    ['(Paused) (relaxed)', { status: 'paused' }],
    ['(turbo, stealth)', { status: 'done' }],
    ['(fast · hd)', { status: 'done' }],
    [
      `[(Open on website)](<https://midjourney.com/jobs/${job}?index=0>) (fast)`,
      { status: 'done', jobId: job },
    ],
    [`[Open on website](https://midjourney.com/jobs/${job}) (fast)`, { status: 'done', jobId: job }],
    // A note that is new at Midjourney does not say that the picture is there.
    ['(Queued) (fast)', { status: 'running', progress: null }],
    ['(ultra-fast)', { status: 'running', progress: null }],
  ])('reads what stands behind the user: %s', (notes, expected) => {
    expect(parseContent(`**cat** - <@5> ${notes}`)).toMatchObject({ prompt: 'cat', ...expected });
  });

  it.each(['Edited', 'Dreamt (Lucid)', 'Make Square', 'Pan Around'])('of a job that is new: %s', (words) => {
    expect(parseContent(`**cat** - ${words} by <@5> (31%) (fast)`)).toMatchObject({
      prompt: 'cat',
      action: 'unknown',
      progress: 31,
      userId: '5',
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
