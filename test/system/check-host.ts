import { createServer } from 'node:http';
import { closeServer, listen } from '../listen.ts';

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
  });
  return {
    url: `http://127.0.0.1:${await listen(server)}`,
    asked,
    close: () => closeServer(server),
  };
}
