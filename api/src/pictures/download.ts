import type { IncomingMessage } from 'node:http';
import { Agent as HttpAgent, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isPublicHost } from '@midjourney-api/shared/outbound/public-address';
import { createPublicLookup, NotPublic, type Resolve } from '@midjourney-api/shared/outbound/public-lookup';

export interface DownloadOptions {
  /** Lets the link be plain http and lead to private addresses: for a simulator. */
  allowPrivate: boolean;
  /** Bytes. */
  mostBytes: number;
  /** Breaks it off. */
  signal: AbortSignal;
  resolve?: Resolve;
}

/** What a link leads to will never be a picture that can be kept: another try is of no use. */
export class NotToKeep extends Error {
  override readonly name = 'NotToKeep';
}

/**
 * Fetches the file that one of Discord's links leads to. Redirects are not followed: each could lead to where the
 * link itself may not.
 * @throws {NotToKeep} when the link may not be followed, or the file is too large.
 * @throws when it could not be had now, or the signal broke it off. No message names the link, which is signed.
 */
export async function download(link: string, options: DownloadOptions): Promise<Buffer> {
  const url = permittedUrl(link, options);
  const answer = await get(url, options).catch((error) => {
    options.signal.throwIfAborted();
    throw error instanceof NotPublic
      ? new NotToKeep('The link leads to an address that is not public.')
      : told(error);
  });
  try {
    if (answer.statusCode !== 200) throw new Error(`The link answered ${answer.statusCode}.`);
    return await readAll(answer, options);
  } finally {
    answer.destroy();
  }
}

function permittedUrl(link: string, { allowPrivate }: DownloadOptions): URL {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  const permitted = allowPrivate
    ? url && /^https?:$/.test(url.protocol)
    : url?.protocol === 'https:' && isPublicHost(url.hostname);
  if (!url || !permitted)
    throw new NotToKeep(
      'The link does not lead to a public https address. For a simulator set ALLOW_PRIVATE_DOWNLOADS=1.',
    );
  return url;
}

/** Most pictures come from one server. A connection that may lead anywhere is never used for what may not. */
const keepAlive = { keepAlive: true };
const anywhere = { http: new HttpAgent(keepAlive), https: new HttpsAgent(keepAlive) };
const publicOnly = new HttpsAgent(keepAlive);

function get(url: URL, options: DownloadOptions): Promise<IncomingMessage> {
  const { allowPrivate, signal, resolve } = options;
  const headers = { 'user-agent': 'midjourney-api' };
  return new Promise((done, fail) => {
    const sent = !allowPrivate
      ? requestHttps(url, { headers, signal, agent: publicOnly, lookup: createPublicLookup(resolve) })
      : url.protocol === 'https:'
        ? requestHttps(url, { headers, signal, agent: anywhere.https })
        : requestHttp(url, { headers, signal, agent: anywhere.http });
    sent.on('response', done);
    sent.on('error', (error) => {
      // The server may close a connection in the moment in which it is used again.
      const closedBefore = sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
      if (closedBefore && !signal.aborted) get(url, options).then(done, fail);
      else fail(error);
    });
    sent.end();
  });
}

async function readAll(answer: IncomingMessage, { mostBytes, signal }: DownloadOptions): Promise<Buffer> {
  const tooLarge = () => new NotToKeep(`The file is larger than ${mostBytes} bytes.`);
  if (Number(answer.headers['content-length']) > mostBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer) {
      size += chunk.length;
      if (size > mostBytes) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof NotToKeep ? error : told(error);
  }
  return Buffer.concat(chunks, size);
}

function told(error: unknown): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return new Error(`The picture could not be fetched (${code}).`);
}
