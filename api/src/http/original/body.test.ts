import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readBody } from './body.ts';
import { namedParent, parentFields } from './fields.ts';

const app = new Hono()
  .post('/any', async (c) => c.json(await readBody(c, z.unknown())))
  .post('/parent', async (c) => {
    const { messageId, ...named } = namedParent(await readBody(c, z.object(parentFields)));
    return c.json({
      ...named,
      messageId: typeof messageId === 'bigint' ? `${messageId} as a number` : messageId,
    });
  });
app.onError((error, c) => c.json({ refused: error.message }));

const post = async (path: string, body: string): Promise<unknown> =>
  (await app.request(path, { method: 'POST', body })).json();

describe('a body', () => {
  test('is read whatever its Content-Type says', async () => {
    expect(await post('/any', '{"prompt":"a cat"}')).toEqual({ prompt: 'a cat' });
  });

  test.each(['', 'a cat', '{"prompt":'])('%j is refused', async (text) => {
    expect(await post('/any', text)).toEqual({ refused: 'The body must be JSON.' });
  });

  test('keeps its texts, also one that reads like a field', async () => {
    const prompt = 'a sign that says "msg_id": 1279000000000000123, and more';
    expect(await post('/any', JSON.stringify({ prompt }))).toEqual({ prompt });
  });
});

describe('msg_id', () => {
  const parentOf = (msgId: string) => post('/parent', `{"trigger_id":"1767323045678400","msg_id":${msgId}}`);

  test.each([
    ['"1279000000000000123"', '1279000000000000123'],
    ['1279000000000000123', '1279000000000000123 as a number'],
    ['1279000000000000123 ', '1279000000000000123 as a number'],
    ['1.279e18', '1279000000000000000 as a number'],
    ['1279000000', '1279000000 as a number'],
    ['""', undefined],
    ['null', undefined],
    ['0', undefined],
  ])('%s is %s', async (written, messageId) => {
    expect(await parentOf(written)).toEqual({ taskId: '1767323045678400', messageId });
  });

  test.each(['"twelve"', '-1279000000000000123', '12', '1.5', '{}'])('%s is refused', async (written) => {
    expect(await parentOf(written)).toMatchObject({ refused: expect.stringContaining('msg_id') });
  });
});

test.each([
  [1767323045678400, '1767323045678400'],
  ['1767323045678400', '1767323045678400'],
  ['7b1f-of-the-older-service', '7b1f-of-the-older-service'],
])('the parent %j is meant, also where an older installation drew it', async (id, taskId) => {
  expect(await post('/parent', JSON.stringify({ trigger_id: id, msg_hash: '' }))).toEqual({ taskId });
});
