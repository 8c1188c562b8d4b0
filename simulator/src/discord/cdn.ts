import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Attachment } from './model.ts';

export interface SignedUrls {
  /** Links to an attachment at the CDN and at its proxy, valid for the link lifetime from now on. */
  sign(
    channelId: string,
    attachment: Pick<Attachment, 'id' | 'filename'>,
    ephemeral: boolean,
  ): { url: string; proxyUrl: string };
  /** The same link with a new lifetime; undefined if it is not a link of this CDN. */
  renew(url: string): string | undefined;
  /** Whether the signature is right and the link has not expired. */
  isGood(path: string, query: URLSearchParams): boolean;
  /** Whether it is a link of this CDN or its proxy, whatever its signature. */
  owns(url: string): boolean;
}

/** The folder of the proxy, which stands for the host media.discordapp.net. */
export const proxyFolder = '/media';

export interface SignedUrlOptions {
  /** The address of the CDN, without a slash at the end. */
  baseUrl: string;
  secret: string;
  lifetimeMs: number;
  now?: () => number;
}

/**
 * Discord's attachment links: `ex` (expires) and `is` (issued) in seconds, hexadecimal, and `hm`, an HMAC
 * over path and times.
 */
export function createSignedUrls({
  baseUrl,
  secret,
  lifetimeMs,
  now = Date.now,
}: SignedUrlOptions): SignedUrls {
  const mac = (path: string, ex: string, is: string) =>
    createHmac('sha256', secret).update(`${path}?ex=${ex}&is=${is}`).digest('hex');

  const ours = new RegExp(`^(?:${proxyFolder})?(/(?:ephemeral-)?attachments/.+)$`);
  /** The path of an attachment in a link of this CDN or its proxy. */
  function pathIn(url: string): string | undefined {
    if (!URL.canParse(url) || new URL(url).origin !== new URL(baseUrl).origin) return undefined;
    return ours.exec(new URL(url).pathname)?.[1];
  }

  function signPath(path: string): string {
    const issued = now();
    const ex = Math.floor((issued + lifetimeMs) / 1000).toString(16);
    const is = Math.floor(issued / 1000).toString(16);
    return `${path}?ex=${ex}&is=${is}&hm=${mac(path, ex, is)}&`;
  }

  return {
    sign(channelId, { id, filename }, ephemeral) {
      const folder = ephemeral ? 'ephemeral-attachments' : 'attachments';
      const signed = signPath(`/${folder}/${channelId}/${id}/${encodeURIComponent(filename)}`);
      return { url: baseUrl + signed, proxyUrl: baseUrl + proxyFolder + signed };
    },

    renew(url) {
      const path = pathIn(url);
      return path === undefined ? undefined : baseUrl + signPath(path);
    },

    owns: (url) => pathIn(url) !== undefined,

    isGood(path, query) {
      path = path.startsWith(proxyFolder) ? path.slice(proxyFolder.length) : path;
      const [ex, is, hm] = [query.get('ex') ?? '', query.get('is') ?? '', query.get('hm') ?? ''];
      const expected = Buffer.from(mac(path, ex, is));
      const given = Buffer.from(hm);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
      return Number.parseInt(ex, 16) * 1000 > now();
    },
  };
}
