import { expect, it } from 'vitest';
import type { TaskAction } from './task.ts';
import { workOf } from './work.ts';

const button = (customId: string): TaskAction => ({
  kind: 'button',
  messageId: '1',
  messageFlags: 0,
  customId,
});

it.each<[string, TaskAction, string]>([
  ['a prompt', { kind: 'imagine', prompt: 'a video of a cat --v 7' }, 'picture'],
  [
    'a prompt for a video',
    { kind: 'imagine', prompt: 'https://a.example/a.png --video --motion low' },
    'video',
  ],
  ['a blend', { kind: 'blend', uploadFilenames: ['a', 'b'], ratio: '1:1' }, 'picture'],
  ['a description', { kind: 'describe', uploadFilename: 'a' }, 'nothing'],
  ['shorter words', { kind: 'shorten', prompt: 'a cat' }, 'nothing'],
  ['a job shown again', { kind: 'show', jobId: 'a' }, 'nothing'],
  ['a pick', button('MJ::JOB::upsample::1::a'), 'nothing'],
  ['a pick of a video', button('MJ::JOB::video_virtual_upscale::1::a'), 'nothing'],
  ['an upscale', button('MJ::JOB::upsample_v7_2x_subtle::1::a::SOLO'), 'picture'],
  ['a variation', button('MJ::JOB::variation::1::a'), 'picture'],
  ['an animation', button('MJ::JOB::animate_high::1::a::SOLO'), 'video'],
  ['a longer video', button('MJ::JOB::animate_low_extend::1::a::SOLO'), 'video'],
  ['a button that is not known', button('MJ::New::a'), 'picture'],
])('%s', (_name, action, work) => {
  expect(workOf(action)).toBe(work);
});
