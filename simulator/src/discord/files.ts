import { Hono } from 'hono';
import { proxyFolder, type SignedUrls } from './cdn.ts';
import { tooLarge } from './errors.ts';
import type { StoredAttachment } from './message-store.ts';
import type { AttachmentSource } from './model.ts';
import type { Uploads } from './uploads.ts';

export interface FilesOptions {
  urls: SignedUrls;
  uploads: Uploads;
  attachment: (id: string) => StoredAttachment | undefined;
  /** The bytes of an attachment; undefined if they are gone. */
  bytesOf: (source: AttachmentSource) => Promise<Buffer | undefined>;
}

const maxUploadBytes = 25 * 1024 * 1024;

/** Discord's CDN, and the storage of upload slots. Neither needs a token, because the links are signed. */
export function createFiles({ urls, uploads, attachment, bytesOf }: FilesOptions): Hono {
  const app = new Hono();

  const folder = ':folder{(?:ephemeral-)?attachments}';
  const path = `/${folder}/:channel/:attachment/:filename` as const;
  app.on('GET', [path, `${proxyFolder}${path}`], async (c) => {
    const { pathname, searchParams } = new URL(c.req.url);
    const stored = attachment(c.req.param('attachment') ?? '');
    const found =
      stored?.channelId === c.req.param('channel') && stored.attachment.filename === c.req.param('filename');
    const bytes =
      found && urls.isGood(pathname, searchParams) ? await bytesOf(stored.attachment.source) : undefined;
    if (!bytes || !stored) return c.text('This content is no longer available.', 404);
    return c.body(new Uint8Array(bytes), 200, {
      'content-type': stored.attachment.contentType,
      'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(stored.attachment.filename)}`,
      'cache-control': 'public, max-age=31536000',
      etag: `"${stored.attachment.id}"`,
    });
  });

  app.put('/upload/:slot/:filename', async (c) => {
    const uploadFilename = `${c.req.param('slot')}/${c.req.param('filename')}`;
    if (!uploads.isOpen(uploadFilename)) return c.text('NoSuchUpload', 404);
    const bytes = Buffer.from(await c.req.arrayBuffer());
    if (bytes.length > maxUploadBytes) return c.json(tooLarge().body, 413);
    await uploads.receive(uploadFilename, bytes);
    return c.body(null, 200);
  });

  return app;
}
