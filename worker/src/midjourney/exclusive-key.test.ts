import type { TaskAction } from '@midjourney-api/shared/tasks/task';
import { describe, expect, it } from 'vitest';
import { exclusiveKey } from './exclusive-key.ts';

const job = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';
const press = (customId: string, messageId = '1'): TaskAction => ({
  kind: 'button',
  messageId,
  messageFlags: 0,
  customId,
});
const blend: TaskAction = { kind: 'blend', uploadFilenames: ['a', 'b'], ratio: '1:1' };
const otherBlend: TaskAction = { kind: 'blend', uploadFilenames: ['c', 'd'], ratio: '2:3' };

describe('at a time one is drawn of', () => {
  it.each<[string, TaskAction, TaskAction]>([
    ['all blends', blend, otherBlend],
    ['all prompts to shorten', { kind: 'shorten', prompt: 'a' }, { kind: 'shorten', prompt: 'b' }],
    [
      'all links to describe',
      { kind: 'describe', link: 'https://a' },
      { kind: 'describe', link: 'https://b' },
    ],
    ['one job that is shown', { kind: 'show', jobId: job }, { kind: 'show', jobId: job }],
    [
      'a picture’s variations',
      press(`MJ::JOB::variation::1::${job}`),
      press(`MJ::JOB::variation::2::${job}`),
    ],
    [
      'a picture’s videos of either motion',
      press(`MJ::JOB::animate_low::1::${job}::SOLO`),
      press(`MJ::JOB::animate_high::1::${job}::SOLO`),
    ],
    [
      'a picture’s reroll and videos',
      press(`MJ::JOB::reroll::0::${job}::SOLO`),
      press(`MJ::JOB::animate_high::1::${job}::SOLO`),
    ],
  ])('%s', (_what, one, other) => {
    expect(exclusiveKey(one)).not.toBe(null);
    expect(exclusiveKey(other)).toBe(exclusiveKey(one));
  });
});

describe('side by side are drawn', () => {
  it.each<[string, TaskAction, TaskAction]>([
    ['a blend and a shortened prompt', blend, { kind: 'shorten', prompt: 'a' }],
    [
      'uploads to describe',
      { kind: 'describe', uploadFilename: 'a/1.png' },
      { kind: 'describe', uploadFilename: 'b/2.png' },
    ],
    ['jobs that are shown', { kind: 'show', jobId: job }, { kind: 'show', jobId: job.replace(/^3/, '4') }],
    [
      'variations of two pictures',
      press(`MJ::JOB::variation::1::${job}`, '1'),
      press(`MJ::JOB::variation::1::${job}`, '2'),
    ],
    [
      'a picture’s variation and upscale',
      press(`MJ::JOB::variation::1::${job}`),
      press(`MJ::JOB::upsample::1::${job}`),
    ],
  ])('%s', (_what, one, other) => {
    expect(exclusiveKey(other)).not.toBe(exclusiveKey(one));
  });

  it('all drawings, which have a marker', () => {
    expect(exclusiveKey({ kind: 'imagine', prompt: 'a cat' })).toBe(null);
  });
});
