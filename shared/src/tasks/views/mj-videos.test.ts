import { describe, expect, it, test } from 'vitest';
import { aTask } from '../task.fixture.ts';
import type { Task, TaskAction } from '../task.ts';
import type { TaskId } from '../task-id.ts';
import { viewMjTask } from './mj-task-view.ts';
import { viewPictures } from './mj-videos.ts';

const at = 'https://mj.example/v1/images';
const discord = 'https://cdn.example/boat.webp?ex=1';
const hash = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';
const picks = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    label: `U${n + 1}`,
    custom_id: `MJ::JOB::video_virtual_upscale::${n + 1}::${hash}`,
  }));
const press = (customId: string): TaskAction => ({
  kind: 'button',
  messageId: '1',
  messageFlags: 0,
  customId,
});

/** Four videos of a picture, stored. */
const sheet: Partial<Task> = {
  status: 'succeeded',
  triggerType: 'video',
  imageUrl: discord,
  imageFile: 'sheet.webp',
  mediaType: 'image/webp',
  durationMs: 5_200,
  buttons: picks(4),
};
const film: Partial<Task> = {
  status: 'succeeded',
  triggerType: 'video_upscale',
  action: press(`MJ::JOB::video_virtual_upscale::2::${hash}`),
  parentId: '1767322700000456' as TaskId,
  imageUrl: 'https://cdn.example/boat.mp4?ex=1',
  imageFile: 'boat.mp4',
  mediaType: 'video/mp4',
  durationMs: 5_200,
};
const pictures = (task: Partial<Task>, from: string | undefined = at) => viewPictures(aTask(task), from);

describe('videos', () => {
  it('of four each part is one, with what shows it still', () => {
    const { videoUrl, videoUrls, imageUrl } = pictures(sheet);
    expect(videoUrls).toEqual(
      [1, 2, 3, 4].map((part) => ({
        url: `${at}/sheet.webp?part=${part}`,
        thumbnail: `${at}/sheet.webp?part=${part}&poster=1`,
      })),
    );
    expect(videoUrl).toBe(`${at}/sheet.webp?part=1`);
    expect(imageUrl).toBe(`${at}/sheet.webp?poster=1`);
  });

  test.each<[string, Partial<Task>, ReturnType<typeof pictures>]>([
    [
      'fewer are one moving picture',
      { ...sheet, buttons: picks(2) },
      {
        imageUrl: `${at}/sheet.webp?poster=1`,
        videoUrl: `${at}/sheet.webp`,
        videoUrls: [{ url: `${at}/sheet.webp`, thumbnail: `${at}/sheet.webp?poster=1` }],
      },
    ],
    [
      'not stored yet, they are at Discord',
      { ...sheet, imageFile: null, durationMs: null },
      { imageUrl: discord, videoUrl: discord, videoUrls: [{ url: discord, thumbnail: discord }] },
    ],
    [
      'a picked one is a film',
      film,
      {
        imageUrl: `${at}/boat.mp4?poster=1`,
        videoUrl: `${at}/boat.mp4`,
        videoUrls: [{ url: `${at}/boat.mp4`, thumbnail: `${at}/boat.mp4?poster=1` }],
      },
    ],
    [
      'a film without what shows it still has no picture',
      { ...film, parentId: null },
      {
        imageUrl: null,
        videoUrl: `${at}/boat.mp4`,
        videoUrls: [{ url: `${at}/boat.mp4`, thumbnail: '' }],
      },
    ],
    [
      'before there is anything, there is nothing',
      { ...sheet, status: 'queued', imageUrl: null, imageFile: null, durationMs: null },
      { imageUrl: null, videoUrl: null, videoUrls: null },
    ],
  ])('%s', (_what, task, expected) => {
    expect(pictures(task)).toEqual(expected);
  });

  it.each([`MJ::JOB::animate_low::1::${hash}::SOLO`, `MJ::JOB::animate_high_extend::1::${hash}::SOLO`])(
    'are what %s makes, wherever they are',
    (customId) => {
      const made = { ...sheet, triggerType: 'action' as const, action: press(customId) };
      const shown = viewPictures(aTask({ ...made, imageFile: null, durationMs: null }), undefined);
      expect(shown.videoUrl).toBe(discord);
      expect(viewMjTask(aTask(made), at).action).toBe('VIDEO');
    },
  );

  it('are not what a drawing is', () => {
    const drawing = { ...sheet, triggerType: 'generate' as const, durationMs: null };
    expect(pictures(drawing)).toEqual({ imageUrl: `${at}/sheet.webp`, videoUrl: null, videoUrls: null });
  });
});

describe('texts', () => {
  const texts = ['a cat on a mat --ar 1:1', 'a tabby\ncat'];
  const list = '1️⃣ a cat on a mat --ar 1:1\n\n2️⃣ a tabby\ncat';
  const described: Partial<Task> = {
    status: 'succeeded',
    triggerType: 'describe',
    action: { kind: 'describe', uploadFilename: 'a/cat.png' },
    prompt: '',
    texts,
    imageUrl: 'https://cdn.example/cat.png',
  };

  it('of a picture are the prompt, with that picture', () => {
    const { prompt, promptEn, properties, imageUrl } = viewMjTask(aTask(described));
    expect([prompt, promptEn, properties.finalPrompt]).toEqual([list, list, list]);
    expect(properties.finalZhPrompt).toBe('');
    expect(imageUrl).toBe('https://cdn.example/cat.png');
  });

  it('of a picture are not there before', () => {
    const { prompt, properties } = viewMjTask(aTask({ ...described, status: 'running', texts: null }));
    expect([prompt, properties.finalPrompt]).toEqual(['', '']);
  });

  it('described again by its button are the same', () => {
    const again = { triggerType: 'action' as const, action: press('MJ::Picread::Retry') };
    expect(viewMjTask(aTask({ ...described, ...again }))).toMatchObject({ action: 'DESCRIBE', prompt: list });
  });

  it('of a shortened prompt are what Midjourney says about its words, beside the prompt', () => {
    const analysis = `## Important tokens\n**cat**\n\n## Shortened prompts\n${list}`;
    const shortened: Partial<Task> = {
      ...described,
      triggerType: 'shorten',
      action: { kind: 'shorten', prompt: 'a very long prompt' },
      prompt: 'a very long prompt',
      analysis,
      imageUrl: null,
    };
    const { prompt, properties } = viewMjTask(aTask(shortened));
    expect([prompt, properties.finalPrompt]).toEqual(['a very long prompt', analysis]);
    // Of a task that is older than the column.
    expect(viewMjTask(aTask({ ...shortened, analysis: null })).properties.finalPrompt).toBe(list);
  });
});
