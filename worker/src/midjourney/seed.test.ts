import { describe, expect, it } from 'vitest';
import { readSeed } from './seed.ts';

const job = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';
const other = '00000000-0000-4000-8000-000000000000';

describe('readSeed', () => {
  it.each([
    ['as public clients show it', `**a cat --v 7**\n**Job ID**: ${job}\n**seed** 1234567890`, 1_234_567_890],
    ['on one line', `**a cat** **Job ID**: ${job.toUpperCase()} **seed** 7`, 7],
    [
      'of a prompt that imitates it',
      `**x **Job ID**: ${other} **seed** 1**\n**Job ID**: ${job}\n**seed** 2`,
      2,
    ],
  ])('%s', (_title, content, seed) => {
    expect(readSeed(content)).toEqual({ jobId: job, seed });
  });

  it.each(['', '**a cat**', `**Job ID**: ${job}`, '**seed** 5', `**Job ID**: ${job} **seed** many`])(
    'nothing in %j',
    (content) => expect(readSeed(content)).toBeUndefined(),
  );
});
