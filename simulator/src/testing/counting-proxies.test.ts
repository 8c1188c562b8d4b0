import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CountingProxy, startHttpProxy, startSocksProxy } from './counting-proxies.ts';

const credentials = { user: 'anna', password: 's3:cret' };
let target: Server;
let port: number;
let proxy: CountingProxy;

beforeAll(async () => {
  target = createServer((asked, answer) =>
    answer.end(`${asked.method} ${asked.url} at ${asked.headers.host}`),
  );
  target.listen(0, '127.0.0.1');
  await once(target, 'listening');
  const address = target.address();
  port = typeof address === 'object' && address ? address.port : 0;
});
afterEach(() => proxy.close());
afterAll(() => target.close());

const counts = () => Object.fromEntries(proxy.connections);
const basic = `Basic ${Buffer.from('anna:s3:cret').toString('base64')}`;

/** All that comes back on a connection, until the other side ends it. */
async function rest(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

describe('the HTTP proxy', () => {
  async function tunnel(to: string, headers: Record<string, string> = {}) {
    const asked = request({ port: new URL(proxy.url).port, method: 'CONNECT', path: to, headers });
    asked.end();
    const [response, socket]: [{ statusCode: number }, Socket] = (await once(asked, 'connect')) as never;
    return { status: response.statusCode, socket };
  }

  it('tunnels to what is asked for, and counts it', async () => {
    proxy = await startHttpProxy();
    const { status, socket } = await tunnel(`127.0.0.1:${port}`);
    socket.write('GET /a HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(status).toBe(200);
    expect(await rest(socket)).toContain('GET /a at x');
    expect(counts()).toEqual({ [`127.0.0.1:${port}`]: 1 });
  });

  it('passes on plain requests, without what was meant for itself', async () => {
    proxy = await startHttpProxy({ credentials, hosts: { 'discord.test': `127.0.0.1:${port}` } });
    const asked = request({
      port: new URL(proxy.url).port,
      path: 'http://discord.test/api?x=1',
      headers: { host: 'discord.test', 'proxy-authorization': basic },
    });
    asked.end();
    const [response] = await once(asked, 'response');
    expect(await rest(response)).toBe('GET /api?x=1 at discord.test');
    expect(counts()).toEqual({ 'discord.test:80': 1 });
  });

  it('goes nowhere without its password', async () => {
    proxy = await startHttpProxy({ credentials });
    expect(proxy.url).toMatch(/^http:\/\/anna:s3%3Acret@127\.0\.0\.1:\d+$/);
    expect((await tunnel(`127.0.0.1:${port}`)).status).toBe(407);
    expect((await tunnel(`127.0.0.1:${port}`, { 'proxy-authorization': basic })).status).toBe(200);
    expect(counts()).toEqual({ [`127.0.0.1:${port}`]: 1 });
  });
});

describe('the SOCKS5 proxy', () => {
  /** Sends `bytes` and reads as many as are expected back. */
  async function exchange(socket: Socket, bytes: number[] | Buffer, expected: number): Promise<number[]> {
    socket.write(Buffer.from(bytes));
    while (true) {
      const chunk = socket.read(expected);
      if (chunk) return [...chunk];
      if (socket.readableEnded) return [];
      await once(socket, 'readable');
    }
  }

  const named = (host: string, at: number) =>
    Buffer.concat([
      Buffer.from([5, 1, 0, 3, host.length]),
      Buffer.from(host),
      Buffer.from([at >> 8, at & 255]),
    ]);
  const password = (text: string) =>
    Buffer.concat([
      Buffer.from([1, credentials.user.length]),
      Buffer.from(credentials.user),
      Buffer.from([text.length]),
      Buffer.from(text),
    ]);

  const open = async () => {
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  };

  it.each([
    ['a name', () => named('discord.test', 443), () => 'discord.test:443'],
    [
      'an IPv4 address',
      () => Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 255]),
      () => `127.0.0.1:${port}`,
    ],
  ])('connects to %s, and counts it', async (_what, asking, target) => {
    proxy = await startSocksProxy({ hosts: { 'discord.test': `127.0.0.1:${port}` } });
    const socket = await open();
    expect(await exchange(socket, [5, 2, 0, 2], 2)).toEqual([5, 0]);
    expect((await exchange(socket, asking(), 10)).slice(0, 2)).toEqual([5, 0]);
    socket.write('GET /b HTTP/1.1\r\nhost: y\r\nconnection: close\r\n\r\n');
    expect(await rest(socket)).toContain('GET /b at y');
    expect(counts()).toEqual({ [target()]: 1 });
  });

  it('takes its user and password', async () => {
    proxy = await startSocksProxy({ credentials, hosts: { 'discord.test': `127.0.0.1:${port}` } });
    const socket = await open();
    expect(await exchange(socket, [5, 2, 0, 2], 2)).toEqual([5, 2]);
    expect(await exchange(socket, password(credentials.password), 2)).toEqual([1, 0]);
    expect((await exchange(socket, named('discord.test', 80), 10)).slice(0, 2)).toEqual([5, 0]);
    socket.destroy();
  });

  it('goes nowhere with a wrong password, or without one', async () => {
    proxy = await startSocksProxy({ credentials });
    const wrong = await open();
    expect(await exchange(wrong, [5, 1, 2], 2)).toEqual([5, 2]);
    expect(await exchange(wrong, password('guess'), 2)).toEqual([1, 1]);
    expect(await rest(wrong)).toBe('');
    const without = await open();
    expect(await exchange(without, [5, 1, 0], 2)).toEqual([5, 255]);
    expect(await rest(without)).toBe('');
    expect(counts()).toEqual({});
  });

  it('says when a target cannot be reached', async () => {
    proxy = await startSocksProxy({ hosts: { 'gone.test': '127.0.0.1:1' } });
    const socket = await open();
    await exchange(socket, [5, 1, 0], 2);
    expect((await exchange(socket, named('gone.test', 80), 10)).slice(0, 2)).toEqual([5, 5]);
    expect(await rest(socket)).toBe('');
  });
});
