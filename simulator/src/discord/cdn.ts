import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Attachment } from './model.ts';

export interface SignedUrls {
  /** A link to an attachment, good for the link lifetime from now on. */
  sign(channelId: string, attachment: Pick<Attachment, 'id' | 'filename'>): string;
  /** The same link with a new lifetime; undefined when it is none of this CDN's. */
  renew(url: string): string | undefined;
  /** Whether the signature is right and the link has not expired. */
  isGood(path: string, query: URLSearchParams): boolean;
}

export interface SignedUrlOptions {
  /** Where the CDN is reached, without a slash at the end. */
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

  function signPath(path: string): string {
    const issued = now();
    const ex = Math.floor((issued + lifetimeMs) / 1000).toString(16);
    const is = Math.floor(issued / 1000).toString(16);
    return `${baseUrl}${path}?ex=${ex}&is=${is}&hm=${mac(path, ex, is)}&`;
  }

  return {
    sign: (channelId, { id, filename }) =>
      signPath(`/attachments/${channelId}/${id}/${encodeURIComponent(filename)}`),

    renew(url) {
      if (!URL.canParse(url)) return undefined;
      const { pathname } = new URL(url);
      return url.startsWith(`${baseUrl}/attachments/`) ? signPath(pathname) : undefined;
    },

    isGood(path, query) {
      const [ex, is, hm] = [query.get('ex') ?? '', query.get('is') ?? '', query.get('hm') ?? ''];
      const expected = Buffer.from(mac(path, ex, is));
      const given = Buffer.from(hm);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
      return Number.parseInt(ex, 16) * 1000 > now();
    },
  };
}
