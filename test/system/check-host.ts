import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands in for the host of Midjourney's human check, which says where a person can answer it. */
export interface CheckHost {
  url: string;
  /** The paths that were asked for. */
  asked: string[];
  close(): Promise<void>;
}

export async function openCheckHost(): Promise<CheckHost> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ hash: 'hash-of-check', token: `token-${asked.length}` }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
