import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { createOutbound } from '@midjourney-api/shared/outbound/outbound';
import type { Resolve } from '@midjourney-api/shared/outbound/public-lookup';
import { afterEach, describe, expect, it } from 'vitest';
import { createCertificate } from '../../../test/certificate.ts';
import { openHookReceiver } from '../../../test/hook-receiver.ts';
import { closeServer, listen } from '../../../test/listen.ts';
import { postToHook } from './post-to-hook.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  closing.push(() => closeServer(server));
  return `http://127.0.0.1:${await listen(server)}/`;
}

const post = (hook: string, different: Partial<Parameters<typeof postToHook>[3]> = {}) =>
  postToHook(
    hook,
    '{"prompt":"🐈"}',
    { 'webhook-id': 'msg_1' },
    {
      outbound: createOutbound({ allowPrivate: true }),
      timeLimitMs: 5_000,
      signal: new AbortController().signal,
      ...different,
    },
  );

describe('a hook', () => {
  it.each([
    [200, { taken: true }],
    [204, { taken: true }],
    [301, { taken: false, gone: false, reason: 'The hook answered 301; redirects are not followed.' }],
    [400, { taken: false, gone: false, reason: 'The hook answered 400.' }],
    [410, { taken: false, gone: true, reason: 'The hook answered 410.' }],
    [503, { taken: false, gone: false, reason: 'The hook answered 503.' }],
  ])('that answers %i', async (status, answer) => {
    const hook = await serve((request, response) =>
      request.resume().on('end', () => response.writeHead(status).end()),
    );
    expect(await post(hook)).toEqual(answer);
  });

  it('that does not answer in time', async () => {
    const hook = await serve(() => {});
    expect(await post(hook, { timeLimitMs: 100 })).toMatchObject({
      reason: 'The hook did not answer within 0.1 seconds.',
    });
  });

  it('that sends its headers a byte at a time', async () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.write('HTTP/1.1 200 OK\r\nx-slow: ');
      const timer = setInterval(() => socket.write('a'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    const port = await listen(server);
    closing.push(() => server.close());
    expect(await post(`http://127.0.0.1:${port}/`, { timeLimitMs: 300 })).toMatchObject({
      reason: 'The hook did not answer within 0.3 seconds.',
    });
  });

  it('that never stops sending is not listened to', async () => {
    const ended = new Promise<void>((resolve) => {
      void serve((_request, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(Buffer.alloc(16_384)), 5);
        response.on('close', () => {
          clearInterval(timer);
          resolve();
        });
      }).then(async (hook) => expect(await post(hook)).toEqual({ taken: true }));
    });
    await ended;
  });

  it('whose certificate nobody vouches for', async () => {
    const receiver = await openHookReceiver({ tls: createCertificate() });
    closing.push(() => receiver.close());
    expect(await post(receiver.url)).toMatchObject({
      reason: "The hook's certificate is not valid (DEPTH_ZERO_SELF_SIGNED_CERT).",
    });
    expect(receiver.notices).toEqual([]);
  });

  it('that speaks something else', async () => {
    const hook = await serve(() => {});
    expect(await post(hook.replace('http:', 'https:'))).toMatchObject({ taken: false, gone: false });
  });

  it('whose name is not known', async () => {
    const resolve: Resolve = (_name, _options, answer) =>
      answer(Object.assign(new Error('getaddrinfo ENOTFOUND secret.example'), { code: 'ENOTFOUND' }), []);
    expect(
      await post('https://secret.example/', { outbound: createOutbound({ allowPrivate: false, resolve }) }),
    ).toMatchObject({
      reason: 'The host name of the hook is not known.',
    });
  });

  it('is left when the worker stops', async () => {
    const stopping = new AbortController();
    const hook = await serve(() => stopping.abort());
    await expect(post(hook, { signal: stopping.signal })).rejects.toThrow('broken off');
    await expect(post(hook, { signal: stopping.signal })).rejects.toThrow('broken off');
  });
});
