import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listen } from '../../../test/listen.ts';
import { readEditor, requestOf, sendRegion } from './region-editor.ts';

const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const webp = Buffer.from('RIFF....WEBPVP8L');
const editor = { token: 'the-token_1' };
const prompt = 'a red balloon';

describe('the request', () => {
  it('with a png names the token beside it', () => {
    expect(requestOf(editor, { mask: png, prompt })).toEqual({
      path: '/inpaint/api/submit-job',
      body: { customId: 'the-token_1', mask: png.toString('base64'), prompt, userId: '0', username: '0' },
    });
  });

  it('with a webp names the token in its path', () => {
    expect(requestOf(editor, { mask: webp, prompt })).toEqual({
      path: '/.proxy/inpaint/api/submit-job/the-token_1',
      body: { mask: webp.toString('base64'), prompt },
    });
  });
});

it.each([
  ['MJ::iframe::abc-DEF_123', { token: 'abc-DEF_123' }],
  ['MJ::iframe::', undefined],
  ['MJ::iframe::../../x', undefined],
  ['MJ::other::abc', undefined],
])('a page with %j is the editor %o', (customId, expected) => {
  expect(readEditor({ customId })).toEqual(expected);
});

describe('what the host answers', () => {
  let answer: number | 'nothing' = 200;
  let asked = 0;
  const server = createServer((request, response) => {
    asked++;
    request.resume();
    if (answer === 'nothing') request.socket.destroy();
    else response.writeHead(answer).end('{"status":"success"}');
  });
  let host: string;
  beforeAll(async () => {
    host = `http://127.0.0.1:${await listen(server)}/`;
  });
  afterAll(() => void server.close());

  it.each([
    [200, {}],
    [204, {}],
    [404, { failure: expect.stringContaining('404') }],
    [502, { unclear: expect.stringContaining('502') }],
    ['nothing', { unclear: expect.not.stringContaining(editor.token) }],
  ] as const)('%s: asked once, and said truly', async (status, expected) => {
    answer = status;
    asked = 0;
    const sent = await sendRegion(
      editor,
      { mask: png, prompt },
      { host: host, proxy: undefined },
      new AbortController().signal,
    );
    expect(sent).toEqual(expected);
    expect(asked).toBe(1);
  });
});
