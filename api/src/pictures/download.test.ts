import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type PictureServer, startPictureServer } from '../testing/picture-server.ts';
import { createDownload, type DownloadOptions, NotToKeep } from './download.ts';

let server: PictureServer;
beforeAll(async () => {
  server = await startPictureServer((_request, response) => response.end('picture'));
});
beforeEach(() => {
  server.answer = (_request, response) => response.end('picture');
});
afterAll(() => server.close());

const download = createDownload({ allowPrivate: true });
const get = (link: string, options: Partial<DownloadOptions> = {}, fetch = download) =>
  fetch(link, { mostBytes: 10, signal: AbortSignal.timeout(5_000), ...options });

test('fetches what a link leads to', async () => {
  expect((await get(server.link('a.png'))).toString()).toBe('picture');
});

test.each([
  'http://pictures.example/a.png',
  'https://127.0.0.1/a.png',
  'https://[::1]/a.png',
  'https://10.1.2.3/a.png',
  'https://localhost/a.png',
  'ftp://pictures.example/a.png',
  'file:///etc/passwd',
  'nonsense',
])('does not follow %s', async (link) => {
  await expect(get(link, {}, createDownload({ allowPrivate: false }))).rejects.toThrow(NotToKeep);
});

test('does not follow a public name to a private address', async () => {
  const publicOnly = createDownload({
    allowPrivate: false,
    resolve: (_name, _options, done) => done(null, [{ address: '169.254.169.254', family: 4 }]),
  });
  await expect(get('https://cdn.example/a.png', {}, publicOnly)).rejects.toThrow(NotToKeep);
});

test('does not follow redirects', async () => {
  server.answer = (_request, response) => response.writeHead(302, { Location: server.link('b') }).end();
  await expect(get(server.link('a.png'))).rejects.toThrow('302');
});

test('reads no more than the limit, whether the size is announced or not', async () => {
  server.answer = (_request, response) =>
    response.writeHead(200, { 'Content-Length': 11 }).end('12345678901');
  await expect(get(server.link('a.png'))).rejects.toThrow(NotToKeep);
  server.answer = (_request, response) => {
    response.write('123456');
    response.end('78901');
  };
  await expect(get(server.link('a.png'))).rejects.toThrow(NotToKeep);
});

test('ends with its signal, also when the picture comes byte by byte', async () => {
  server.answer = (_request, response) => {
    response.write('1');
  };
  const start = performance.now();
  await expect(get(server.link('a.png'), { signal: AbortSignal.timeout(200) })).rejects.toThrow('timeout');
  expect(performance.now() - start).toBeLessThan(3_000);
});

test('may be tried again when the picture was not there or was cut off, and says nothing of its link', async () => {
  server.answer = (_request, response) => response.writeHead(404).end();
  await expect(get(server.link('secret.png'))).rejects.toThrow('404');
  server.answer = (_request, response) => {
    response.writeHead(200, { 'Content-Length': 10 });
    response.write('123', () => response.destroy());
  };
  const error = await get(server.link('secret.png')).catch((cause: Error) => cause);
  expect(error).not.toBeInstanceOf(NotToKeep);
  expect(String(error)).toMatch(/could not be fetched/);
  expect(String(error)).not.toContain('secret');
});
