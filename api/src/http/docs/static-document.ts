import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Context } from 'hono';
import { accepts } from 'hono/accepts';
import { matchesEtag } from '../etag.ts';

const compress = promisify(gzip);

/**
 * Answers with a document that is the same as long as the process runs. It is read and compressed for the first
 * request; every answer is sent from the same bytes, however many are under way.
 */
export function staticDocument(contentType: string, read: () => string | Promise<Buffer>) {
  let document: ReturnType<typeof prepare> | undefined;
  return async (c: Context): Promise<Response> => {
    document ??= prepare(read);
    const { etag, forms } = await document;
    const encoding = accepts(c, {
      header: 'Accept-Encoding',
      supports: ['gzip', 'identity'],
      default: 'identity',
    });
    const headers = {
      'Content-Type': contentType,
      'Cache-Control': 'no-cache',
      // Weak, as it stands for the document in every encoding.
      ETag: `W/${etag}`,
      Vary: 'Accept-Encoding',
    };
    if (matchesEtag(c.req.header('If-None-Match'), etag)) return c.body(null, 304, headers);
    return encoding === 'gzip'
      ? c.body(forms.gzip, 200, { ...headers, 'Content-Encoding': 'gzip' })
      : c.body(forms.identity, 200, headers);
  };
}

async function prepare(read: () => string | Promise<Buffer>) {
  const identity = new Uint8Array(Buffer.from(await read()));
  const etag = `"${createHash('sha256').update(identity).digest('base64url').slice(0, 22)}"`;
  return { etag, forms: { identity, gzip: new Uint8Array(await compress(identity)) } };
}
