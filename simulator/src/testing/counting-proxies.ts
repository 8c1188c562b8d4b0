import { once } from 'node:events';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** A proxy that counts its targets, so that a test can see that nothing bypasses it. */
export interface CountingProxy {
  /** With user and password, if it wants them. */
  url: string;
  /** Number of connections to each target, `host:port` as the client named it. */
  connections: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export interface ProxyOptions {
  credentials?: { user: string; password: string };
  /**
   * Hosts that this proxy alone knows, and where they really are: `{ 'discord.test': '127.0.0.1:8085' }`. Whoever
   * reaches one has come through the proxy.
   */
  hosts?: Record<string, string>;
}

/** An HTTP proxy: tunnels by CONNECT, and passes on requests for `http://` addresses. */
export async function startHttpProxy(options: ProxyOptions = {}): Promise<CountingProxy> {
  const targets = new Targets(options);
  const allowed = authorization(options);
  const mayPass = (asked: IncomingMessage) =>
    allowed === undefined || asked.headers['proxy-authorization'] === allowed;
  const server = createHttpServer((asked, answer) => {
    if (mayPass(asked)) passOn(asked, answer, targets);
    else answer.writeHead(407, { 'proxy-authenticate': 'Basic' }).end();
  });
  server.on('connect', (asked, client, head) => {
    if (!mayPass(asked)) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n');
      return;
    }
    const target = targets.connect(asked.url ?? '');
    target.once('connect', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      if (head.length > 0) target.write(head);
      join(client, target);
    });
    target.once('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  });
  return listening('http', server, targets, options);
}

/** A SOCKS5 proxy (RFC 1928) for TCP, with a user and password if it has credentials (RFC 1929). */
export async function startSocksProxy(options: ProxyOptions = {}): Promise<CountingProxy> {
  const targets = new Targets(options);
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    serveSocks(client, targets, options).catch(() => client.destroy());
  });
  return listening('socks5', server, targets, options);
}

class Targets {
  readonly connections = new Map<string, number>();
  readonly #hosts: Record<string, string>;

  constructor({ hosts = {} }: ProxyOptions) {
    this.#hosts = hosts;
  }

  /** Where a target really is; counts it. */
  locate(target: string): { host: string; port: number } {
    this.connections.set(target, (this.connections.get(target) ?? 0) + 1);
    const named = new URL(`tcp://${target}`);
    const real = new URL(`tcp://${this.#hosts[named.hostname] ?? target}`);
    return { host: real.hostname.replace(/^\[|\]$/g, ''), port: Number(real.port) };
  }

  connect(target: string): Socket {
    return connect(this.locate(target));
  }
}

function authorization({ credentials }: ProxyOptions): string | undefined {
  if (!credentials) return undefined;
  return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')}`;
}

function passOn(asked: IncomingMessage, answer: ServerResponse, targets: Targets): void {
  const url = URL.canParse(asked.url ?? '') ? new URL(asked.url ?? '') : undefined;
  if (url?.protocol !== 'http:') {
    answer.writeHead(400).end();
    return;
  }
  const { 'proxy-authorization': _, 'proxy-connection': __, ...headers } = asked.headers;
  const passed = request({
    ...targets.locate(`${url.hostname}:${url.port || 80}`),
    method: asked.method,
    path: url.pathname + url.search,
    headers,
  });
  passed.on('response', (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  passed.on('error', () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
  asked.pipe(passed);
}

const version = 5;
const methods = { open: 0, password: 2, none: 255 } as const;
const replies = { succeeded: 0, refused: 5, commandUnknown: 7 } as const;
const addressTypes = { v4: 1, name: 3, v6: 4 } as const;

async function serveSocks(client: Socket, targets: Targets, { credentials }: ProxyOptions): Promise<void> {
  const [, methodCount = 0] = await take(client, 2);
  const offered = await take(client, methodCount);
  const wanted = credentials ? methods.password : methods.open;
  if (!offered.includes(wanted)) {
    client.end(Buffer.from([version, methods.none]));
    return;
  }
  client.write(Buffer.from([version, wanted]));
  if (credentials) {
    const [, userLength = 0] = await take(client, 2);
    const user = (await take(client, userLength)).toString();
    const [passwordLength = 0] = await take(client, 1);
    const password = (await take(client, passwordLength)).toString();
    const right = user === credentials.user && password === credentials.password;
    client.write(Buffer.from([1, right ? 0 : 1]));
    if (!right) {
      client.end();
      return;
    }
  }
  const [, command, , addressType] = await take(client, 4);
  const host = await takeAddress(client, addressType);
  const port = (await take(client, 2)).readUInt16BE();
  if (command !== 1) {
    client.end(socksReply(replies.commandUnknown));
    return;
  }
  const target = targets.connect(`${host}:${port}`);
  target.once('connect', () => {
    client.write(socksReply(replies.succeeded));
    join(client, target);
  });
  target.once('error', () => client.end(socksReply(replies.refused)));
}

async function takeAddress(client: Socket, type: number | undefined): Promise<string> {
  switch (type) {
    case addressTypes.v4:
      return (await take(client, 4)).join('.');
    case addressTypes.name: {
      const [length = 0] = await take(client, 1);
      return (await take(client, length)).toString();
    }
    case addressTypes.v6: {
      const groups = (await take(client, 16)).toString('hex').match(/.{4}/g) ?? [];
      return `[${groups.join(':')}]`;
    }
    default:
      throw new Error(`${type} is no type of address in SOCKS5`);
  }
}

function socksReply(reply: number): Buffer {
  return Buffer.from([version, reply, 0, addressTypes.v4, 0, 0, 0, 0, 0, 0]);
}

/** Reads exactly this many bytes; rejects if the connection ends before. */
async function take(socket: Socket, bytes: number): Promise<Buffer> {
  while (true) {
    const chunk: Buffer | null = bytes === 0 ? Buffer.alloc(0) : socket.read(bytes);
    if (chunk?.length === bytes) return chunk;
    if (chunk || socket.readableEnded || socket.destroyed) throw new Error('the client has gone');
    await Promise.race([once(socket, 'readable'), once(socket, 'close')]);
  }
}

function join(client: Duplex, target: Socket): void {
  client.on('error', () => target.destroy());
  target.on('error', () => client.destroy());
  client.on('close', () => target.destroy());
  target.on('close', () => client.destroy());
  client.pipe(target).pipe(client);
}

async function listening(
  scheme: 'http' | 'socks5',
  server: Server,
  targets: Targets,
  { credentials }: ProxyOptions,
): Promise<CountingProxy> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the proxy has no port');
  const url = new URL(`${scheme}://127.0.0.1:${address.port}`);
  if (credentials) {
    url.username = credentials.user;
    url.password = credentials.password;
  }
  return {
    url: url.href.replace(/\/$/, ''),
    connections: targets.connections,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
