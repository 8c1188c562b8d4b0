import { expect, test } from 'vitest';
import { writeBody } from './body.ts';

const picture = new Blob(['picture'], { type: 'image/png' });

test('a body without files is JSON', () => {
  expect(writeBody({ prompt: 'a cat', picurl: null, params: { ar: '3:2' } })).toBe(
    '{"prompt":"a cat","picurl":null,"params":{"ar":"3:2"}}',
  );
});

test('a form is sent as it is', () => {
  const form = new FormData();
  expect(writeBody(form)).toBe(form);
});

test('a body with a file, or with several under one name, is a form', async () => {
  const form = writeBody({ images: [picture, picture], dimensions: 'square', state: null, index: 2 });
  if (typeof form === 'string') throw new Error('It is no form.');
  const fields = Array.from(form, ([name, value]) => [name, typeof value === 'string' ? value : value.size]);
  expect(fields).toEqual([
    ['images', 7],
    ['images', 7],
    ['dimensions', 'square'],
    ['index', '2'],
  ]);
});
