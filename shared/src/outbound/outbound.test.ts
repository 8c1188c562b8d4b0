import { lookup } from 'node:dns';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeServer, listen } from '../../../test/listen.ts';
import { createOutbound, type OutboundOptions } from './outbound.ts';
import { createPublicLookup, type Resolve } from './public-lookup.ts';

let port: number;
let answer: RequestListener;
let received: IncomingMessage[];
let close: () => Promise<unknown>;
beforeEach(async () => {
  received = [];
  answer = (_request, response) => response.end('answer');
  const server = createServer((request, response) => {
    received.push(request);
    answer(request, response);
  });
  port = await listen(server);
  close = () => closeServer(server);
});
afterEach(() => close());

const answering =
  (...found: string[]): Resolve =>
  (_name, _options, done) =>
    done(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

const signal = () => AbortSignal.timeout(5_000);
const get = (url: string, options: Partial<OutboundOptions> = {}) =>
  createOutbound({ allowPrivate: true, ...options })(url, { method: 'GET', signal: signal() });

describe('a request to an address that others have named', () => {
  it('sends what it is given and answers with what came back', async () => {
    const outbound = createOutbound({ allowPrivate: true });
    const { statusCode, body } = await outbound(`http://127.0.0.1:${port}/a/b?c=%20d`, {
      method: 'POST',
      headers: { 'x-one': '1' },
      body: '🐈',
      signal: signal(),
    });
    expect([statusCode, await body.text()]).toEqual([200, 'answer']);
    expect(received[0]).toMatchObject({
      url: '/a/b?c=%20d',
      headers: { 'x-one': '1', 'content-length': '4', 'user-agent': 'midjourney-api' },
    });
  });

  it('sends the name and password that stand in the address', async () => {
    await get(`http://us%20er:p%3Ass@127.0.0.1:${port}/`);
    expect(received[0]?.headers.authorization).toBe(`Basic ${btoa('us er:p:ss')}`);
  });

  it('follows no redirect', async () => {
    answer = (_request, response) => response.writeHead(307, { location: '/inside' }).end();
    expect((await get(`http://127.0.0.1:${port}/`)).statusCode).toBe(307);
    expect(received).toHaveLength(1);
  });

  it.each([
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://2130706433/',
    'https://localhost/',
    'http://pictures.example/',
    'ftp://pictures.example/',
    'nonsense',
  ])('is not sent to %s', async (url) => {
    const withPort = url.endsWith('/') ? `${url.slice(0, -1)}:${port}/` : url;
    await expect(get(withPort, { allowPrivate: false })).rejects.toMatchObject({ name: 'NotPublic' });
    expect(received).toEqual([]);
  });

  it('looks its name up for the connection itself', async () => {
    // A name that changes its mind: what it leads to first is what counts.
    let lookups = 0;
    const rebinding: Resolve = (name, options, done) => {
      lookups += 1;
      answering(lookups % 2 === 1 ? '127.0.0.1' : '1.1.1.1')(name, options, done);
    };
    const url = `https://rebinding.example:${port}/`;
    await expect(get(url, { allowPrivate: false, resolve: rebinding })).rejects.toMatchObject({
      name: 'NotPublic',
    });
    expect([lookups, received]).toEqual([1, []]);
  });

  it('ends with its signal before there is a connection', async () => {
    const outbound = createOutbound({ allowPrivate: false, resolve: () => {} });
    const start = performance.now();
    await expect(
      outbound('https://pictures.example/', { method: 'GET', signal: AbortSignal.timeout(100) }),
    ).rejects.toThrow('timeout');
    expect(performance.now() - start).toBeLessThan(3_000);
  });

  it('ends with its signal while the body comes', async () => {
    answer = (_request, response) => {
      response.write('1');
    };
    const { body } = await createOutbound({ allowPrivate: true })(`http://127.0.0.1:${port}/`, {
      method: 'GET',
      signal: AbortSignal.timeout(300),
    });
    await expect(body.text()).rejects.toThrow('timeout');
  });
});

describe('a connection', () => {
  const outbound = createOutbound({ allowPrivate: true });
  const post = async () => {
    const { body } = await outbound(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      body: 'x',
      signal: signal(),
    });
    const text = await body.text();
    // undici takes a connection back in the next round of the event loop.
    await setImmediate();
    return text;
  };

  it('is kept for the next request, and replaced when the server closes it just then', async () => {
    const used = new Set<Socket>();
    let closed = 0;
    answer = (request, response) => {
      if (used.has(request.socket)) {
        closed += 1;
        request.socket.destroy();
        return;
      }
      used.add(request.socket);
      response.end('answer');
    };
    expect([await post(), await post()]).toEqual(['answer', 'answer']);
    expect([closed, used.size]).toEqual([1, 2]);
  });

  it('that is closed before its first answer has failed: nothing is sent twice', async () => {
    answer = (request) => request.socket.destroy();
    await expect(post()).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
    expect(received).toHaveLength(1);
  });

  it('is closed once a thousand other origins were used, but not before what is under way has ended', async () => {
    let answerFirst = () => {};
    const unknown = Object.assign(new Error('not known'), { code: 'ENOTFOUND' });
    const many = createOutbound({
      allowPrivate: false,
      resolve: (name, _options, done) => {
        if (name === 'first.example') answerFirst = () => done(unknown, []);
        else done(unknown, []);
      },
    });
    const ask = (name: string) => many(`https://${name}.example/`, { method: 'GET', signal: signal() });
    const first = ask('first').catch((error: unknown) => error);
    for (let i = 0; i < 1_001; i++) await expect(ask(`other-${i}`)).rejects.toBe(unknown);
    answerFirst();
    expect(await first).toBe(unknown);
  });
});

describe('the look-up of a name', () => {
  const addresses = (resolve?: Resolve, all = true) =>
    promisify<unknown>((done) =>
      createPublicLookup(resolve)('localhost', { all }, (error, found) => done(error, found)),
    )();

  it('gives the connection the public addresses that it found', async () => {
    const found = answering('1.1.1.1', '2606:4700::1');
    expect(await addresses(found)).toEqual([
      { address: '1.1.1.1', family: 4 },
      { address: '2606:4700::1', family: 6 },
    ]);
    expect(await addresses(found, false)).toBe('1.1.1.1');
  });

  it.each([[['10.0.0.1']], [['1.1.1.1', '127.0.0.1']], [['::ffff:169.254.169.254']], [[]]])(
    'gives it nothing when it found %j',
    async (found) => {
      await expect(addresses(answering(...found))).rejects.toMatchObject({ name: 'NotPublic' });
    },
  );

  it("gives it nothing for a name that the system's own resolver leads to this machine", async () => {
    const { address } = await promisify(lookup)('localhost');
    expect(['127.0.0.1', '::1']).toContain(address);
    await expect(addresses()).rejects.toMatchObject({ name: 'NotPublic' });
  });
});
