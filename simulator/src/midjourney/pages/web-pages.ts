import { type Context, Hono } from 'hono';
import { isRecord } from '../../discord/form.ts';
import { pictureSize } from '../../pictures/pictures.ts';
import { challengePage, passedPage } from './challenge-page.ts';
import type { Frames, RegionFrame } from './frames.ts';
import { readMask } from './mask.ts';

/** A region to draw again: the mask as a PNG in base64, and what to draw there. */
export type Region = RegionFrame & { mask: string; prompt: string };

export interface WebPagesOptions {
  frames: Frames;
  drawRegion: (region: Region) => void;
}

/**
 * What Midjourney answers at `{application}.discordsays.com`, the host of pages in frames within Discord: the region
 * editor in both forms that clients were seen to use, and the way to the human check.
 */
export function createDiscordSays({ frames, drawRegion }: WebPagesOptions): Hono {
  const app = new Hono();

  app.post('/inpaint/api/submit-job', async (c) => {
    const body = await bodyOf(c);
    const { customId, userId, username } = body;
    if (userId !== '0' || username !== '0') return c.json({ detail: 'userId and username must be "0"' }, 422);
    return submitRegion(c, customId, body, 'png');
  });

  app.post('/.proxy/inpaint/api/submit-job/:token', async (c) =>
    submitRegion(c, c.req.param('token'), await bodyOf(c), 'webp'),
  );

  app.get('/captcha/api/c/:hash/ack', (c) => {
    const challenge = c.req.query('hash') === '1' ? frames.acknowledge(c.req.param('hash')) : undefined;
    return challenge ? c.json(challenge) : c.json({ detail: 'Captcha not found or expired' }, 404);
  });

  async function submitRegion(
    c: Context,
    token: unknown,
    { mask, prompt }: Record<string, unknown>,
    form: 'png' | 'webp',
  ): Promise<Response> {
    const frame = typeof token === 'string' ? frames.editor(token) : undefined;
    if (!frame || typeof token !== 'string') return c.json({ detail: 'Unknown or expired token' }, 404);
    if (typeof mask !== 'string' || typeof prompt !== 'string') {
      return c.json({ detail: 'mask and prompt must be texts' }, 422);
    }
    const read = await readMask(mask, form, pictureSize(frame.parent.picture));
    if ('wrong' in read) return c.json({ detail: read.wrong }, 400);
    // While the mask was read another request may have used the token.
    if (!frames.editor(token)) return c.json({ detail: 'Unknown or expired token' }, 404);
    frames.closeEditor(token);
    drawRegion({ ...frame, mask: read.png, prompt });
    return c.json({ status: 'success' });
  }

  return app;
}

/** Serves `editor.midjourney.com`: the page of the human check. */
export function createEditorSite({ frames }: Pick<WebPagesOptions, 'frames'>): Hono {
  const app = new Hono();

  app.get('/captcha/challenge/index.html', (c) => {
    const { hash = '', token = '' } = c.req.query();
    if (!frames.isChallenge(hash, token)) return c.text('This check has expired or was passed.', 404);
    return c.html(challengePage(hash, token));
  });

  app.post('/captcha/api/c/:hash/submit', async (c) => {
    const { token } = await c.req.parseBody();
    if (!frames.pass(c.req.param('hash'), String(token))) return c.text('This check has expired.', 404);
    return c.html(passedPage);
  });

  return app;
}

async function bodyOf(c: Context): Promise<Record<string, unknown>> {
  const body: unknown = await c.req.json().catch(() => undefined);
  return isRecord(body) ? body : {};
}
