import { type ResultEvent, resultEventSchema } from '@midjourney-api/shared/results/result-event';
import { describe, expect, test } from 'vitest';
import { readNumberedPrompts, taskEventOf } from './task-event-of.ts';

function result(event: object): ResultEvent {
  return resultEventSchema.parse({ id: '1279000000000000000', trigger_id: '1767323045678400', ...event });
}

const description =
  '1️⃣ a cat sitting on a mat --ar 1:1\n\n2️⃣ a [tabby](https://x) cat, 4 k, 2 eyes\n\n3️⃣ 猫\n\n4️⃣ cat.\nwith a line break --ar 3:2';

describe('what a result means for its task', () => {
  test('start: it started', () => {
    expect(taskEventOf(result({ type: 'start' }))).toEqual({
      type: 'started',
      progressMessageId: '1279000000000000000',
    });
  });

  test('generating: it progressed', () => {
    expect(taskEventOf(result({ type: 'generating', progress: 31 }))).toEqual({
      type: 'progressed',
      progressMessageId: '1279000000000000000',
      progress: 31,
    });
  });

  test('end without a picture: nothing that could be', () => {
    expect(taskEventOf(result({ type: 'end' }))).toBeUndefined();
  });

  test('text: it succeeded, with the four prompts and the picture that they describe', () => {
    const image = { url: 'https://cdn.example/1.png', width: 640, height: 480 };
    const embed = { description, image };
    expect(taskEventOf(result({ type: 'text', embeds: [embed], flags: 64 }))).toEqual({
      type: 'succeeded',
      result: {
        messageId: '1279000000000000000',
        messageFlags: 64,
        messageHash: null,
        imageUrl: 'https://cdn.example/1.png',
        mediaType: 'image/png',
        width: 640,
        height: 480,
        buttons: [],
        texts: [
          'a cat sitting on a mat --ar 1:1',
          'a [tabby](https://x) cat, 4 k, 2 eyes',
          '猫',
          'cat.\nwith a line break --ar 3:2',
        ],
        analysis: null,
      },
    });
  });

  test('text without a picture: a shortened prompt, with what is said about its words', () => {
    const analysis =
      '## Important tokens\n**sunset**, calm, ~~very~~\n\n## Shortened prompts\n1️⃣ sunset, calm sea\n\n2️⃣ sunset';
    const event = { type: 'text', embeds: [{ title: 'Shortened prompts', description: analysis }] };
    expect(taskEventOf(result(event))).toMatchObject({
      type: 'succeeded',
      result: { imageUrl: null, texts: ['sunset, calm sea', 'sunset'], analysis },
    });
  });

  test.each<[object, string, string]>([
    [{ type: 'error', reason: 'Deleted by Midjourney' }, 'rejected', 'Deleted by Midjourney'],
    [{ type: 'error', fail_code: 'stopped', reason: 'Stopped' }, 'stopped', 'Stopped'],
    [
      { type: 'error', embeds: [{ title: 'Invalid link', description: 'Could not fetch' }] },
      'rejected',
      'Invalid link: Could not fetch',
    ],
    [{ type: 'error', embeds: [{ title: 'Queue full' }] }, 'rejected', 'Queue full'],
    [{ type: 'error' }, 'rejected', 'Midjourney refused the task.'],
    [{ type: 'banned' }, 'banned', 'Midjourney does not allow this prompt.'],
  ])('%j: it failed', (event, code, reason) => {
    expect(taskEventOf(result(event))).toEqual({ type: 'failed', code, reason });
  });

  test.each([
    [{ type: 'verify' }, 'verification_required'],
    [{ type: 'error', fail_code: 'account_unavailable' }, 'account_unavailable'],
  ])('%j: it failed, for a reason that is for operators only', (event, code) => {
    const reason = 'Credits exhausted: buy more';
    expect(taskEventOf(result({ ...event, reason }))).toEqual({
      type: 'failed',
      code,
      reason: expect.not.stringContaining('Credits'),
      detail: reason,
    });
  });
});

test('a description without numbers has no prompts', () => {
  expect(readNumberedPrompts('nothing here')).toEqual([]);
});
