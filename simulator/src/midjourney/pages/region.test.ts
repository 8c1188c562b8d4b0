import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../simulator.ts';
import { DiscordUser, Listener, type Posted } from '../../testing/discord-user.ts';

const side = 64;
let simulator: Simulator;
let user: DiscordUser;
let bot: Listener;
let person: Listener;
let single: Posted;

beforeAll(async () => {
  simulator = await startSimulator({ drawMs: 0, imageSize: side });
  user = new DiscordUser(simulator);
  bot = await Listener.identified(simulator, user.account.botToken);
  person = await user.listen();
  await user.imagine('a stone arch --v 7 --seed 5');
  const grid = await bot.message((message) => isFinal(message) && message.content.includes('a stone arch'));
  await user.press(grid, 'upsample::1::');
  single = await bot.message(({ content }) => content.includes('Image #1'));
});
afterAll(async () => {
  await Promise.all([bot.end(), person.end()]);
  await simulator.close();
});

const isFinal = ({ content }: Posted) => /(?<!%\)) \(fast\)/.test(content);

/** Opens the editor, and gives the token that only its user's session learns. */
async function openEditor(of = single): Promise<string> {
  const { nonce } = await user.press(of, 'Inpaint::1::');
  const frame = await person.event('INTERACTION_IFRAME_MODAL_CREATE', (data) => data.nonce === nonce);
  expect(frame.title).toBe('Editor');
  return String(frame.custom_id).replace(/^MJ::iframe::/, '');
}

/** White in its right half. */
async function mask(width = side, height = side): Promise<Sharp> {
  const sheet = (background: string, across = width) =>
    sharp({ create: { width: across, height, channels: 3, background } }).png();
  const input = await sheet('white', width / 2).toBuffer();
  return sharp(
    await sheet('black')
      .composite([{ input, left: width / 2, top: 0 }])
      .toBuffer(),
  );
}
const pngMask = async () => (await (await mask()).png().toBuffer()).toString('base64');
const webpMask = async () => (await (await mask()).webp({ lossless: true }).toBuffer()).toString('base64');

const post = (path: string, body: object) =>
  fetch(`${simulator.discordSaysUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const submit = (customId: string, body: object) =>
  post('/inpaint/api/submit-job', { customId, userId: '0', username: '0', ...body });
const submitByPath = (token: string, body: object) =>
  post(`/936929561302675456/.proxy/inpaint/api/submit-job/${token}`, body);

async function pixels(message: Posted): Promise<Buffer> {
  const answer = await fetch(message.attachments[0]?.url ?? '');
  return sharp(Buffer.from(await answer.arrayBuffer()))
    .removeAlpha()
    .raw()
    .toBuffer();
}

/** The share of pixels that differ, in each half. */
async function differences(one: Posted, other: Posted): Promise<{ left: number; right: number }> {
  const [a, b] = await Promise.all([pixels(one), pixels(other)]);
  const differing = { left: 0, right: 0 };
  for (let at = 0; at < a.length; at += 3) {
    const same = a.subarray(at, at + 3).equals(b.subarray(at, at + 3));
    if (!same) differing[(at / 3) % side < side / 2 ? 'left' : 'right'] += 2 / side ** 2;
  }
  return differing;
}

describe('a region', () => {
  it.each([
    [
      'a PNG and the token beside it',
      'vines in stone',
      async (token: string, prompt: string) => submit(token, { mask: await pngMask(), prompt }),
    ],
    [
      'a WebP and the token in the path',
      'moss on stone',
      async (token: string, prompt: string) => submitByPath(token, { mask: await webpMask(), prompt }),
    ],
  ])('sent as %s is drawn again, and the rest stays as it is', async (_form, prompt, send) => {
    const answer = await send(await openEditor(), `${prompt} --v 7`);
    expect({ status: answer.status, body: await answer.json() }).toEqual({
      status: 200,
      body: { status: 'success' },
    });
    const drawn = await bot.message(
      (message) =>
        isFinal(message) && message.content.includes(`${prompt} --v 7.0** - Variations (Region) by`),
    );
    expect(drawn.message_reference?.message_id).toBe(single.id);
    await user.press(drawn, 'upsample::3::');
    const picked = await bot.message(
      ({ content }) => content.includes(prompt) && content.includes('Image #3'),
    );
    const { left, right } = await differences(single, picked);
    expect(left).toBe(0);
    expect(right).toBeGreaterThan(0.5);
  });

  it('may keep its prompt', async () => {
    const token = await openEditor();
    await submit(token, { mask: await pngMask(), prompt: 'a stone arch --v 7 --seed 5' });
    const drawn = await bot.message(
      (message) =>
        isFinal(message) && message.content.includes('arch --seed 5 --v 7.0** - Variations (Region)'),
    );
    await user.press(drawn, 'upsample::1::');
    const picked = await bot.message(
      ({ content, message_reference }) =>
        message_reference?.message_id === drawn.id && content.includes('Image #1'),
    );
    const { left, right } = await differences(single, picked);
    expect(left).toBe(0);
    expect(right).toBeGreaterThan(0.5);
  });

  it('is a remix in remix mode', async () => {
    await user.control('POST', `/accounts/${user.account.userId}/settings`, { remix: true });
    await submit(await openEditor(), { mask: await pngMask(), prompt: 'ivy --v 7' });
    await user.control('POST', `/accounts/${user.account.userId}/settings`, { remix: false });
    await bot.message(({ content }) => content.includes('**ivy --v 7.0** - Remix (Region) by'));
  });

  it('is for the session alone that pressed', async () => {
    await openEditor();
    expect(bot.types()).not.toContain('INTERACTION_IFRAME_MODAL_CREATE');
  });

  it('is refused in Discord when Midjourney does not understand its prompt', async () => {
    expect((await submit(await openEditor(), { mask: await pngMask(), prompt: 'a --ar wide' })).status).toBe(
      200,
    );
    const refusal = await person.message(({ embeds }) => embeds[0]?.title === 'Invalid parameter');
    expect(refusal.message_reference?.message_id).toBe(single.id);
  });

  it('is taken once', async () => {
    const token = await openEditor();
    const body = { mask: await webpMask(), prompt: 'once' };
    expect((await submitByPath(token, body)).status).toBe(200);
    expect((await submitByPath(token, body)).status).toBe(404);
  });

  const bytes = async (image: Promise<Sharp>, as: (image: Sharp) => Sharp) =>
    (await as(await image).toBuffer()).toString('base64');
  it.each([
    ['of another size', () => bytes(mask(32, 64), (image) => image.png()), /32 × 64 .* 64 × 64/],
    ['that is a JPEG', () => bytes(mask(), (image) => image.jpeg()), /no png, but jpeg/],
    ['that is no picture', async () => 'AAAA', /no picture/],
    ['with a prefix', async () => `data:image/png;base64,${await pngMask()}`, /without a prefix/],
    ['with greys', () => bytes(mask(), (image) => image.blur(3).png()), /greys/],
    [
      'without white',
      () =>
        bytes(
          Promise.resolve(sharp({ create: { width: side, height: side, channels: 3, background: 'black' } })),
          (image) => image.png(),
        ),
      /white/,
    ],
    [
      'that is transparent in part',
      () => bytes(mask(), (image) => image.removeAlpha().ensureAlpha(0.5).png()),
      /transparent/,
    ],
  ])('is not taken with a mask %s', async (_what, maskOf, reason) => {
    const token = await openEditor();
    const answer = await submit(token, { mask: await maskOf(), prompt: 'x' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toEqual({ detail: expect.stringMatching(reason) });
    expect((await submit(token, { mask: await pngMask(), prompt: 'now it is right' })).status).toBe(200);
  });

  it('is not taken as a lossy WebP, nor without its fields', async () => {
    const token = await openEditor();
    const lossy = (await (await mask()).webp({ lossless: false, quality: 100 }).toBuffer()).toString(
      'base64',
    );
    expect((await submitByPath(token, { mask: lossy, prompt: 'x' })).status).toBe(400);
    expect((await submitByPath(token, { prompt: 'x' })).status).toBe(422);
    expect((await submit(token, { mask: await pngMask(), prompt: 'x', userId: '1' })).status).toBe(422);
    expect((await submit('unknown', { mask: await pngMask(), prompt: 'x' })).status).toBe(404);
  });

  it('is taken for a short time only', async () => {
    const hasty = await startSimulator({ drawMs: 0, imageSize: side, frameLifetimeMs: 0 });
    const other = new DiscordUser(hasty);
    const listener = await other.listen();
    await other.imagine('a gate --v 7');
    const grid = await listener.message(isFinal);
    await other.press(grid, 'upsample::1::');
    const { nonce } = await other.press(
      await listener.message(({ content }) => content.includes('Image #1')),
      'Inpaint::',
    );
    const frame = await listener.event('INTERACTION_IFRAME_MODAL_CREATE', (data) => data.nonce === nonce);
    const token = String(frame.custom_id).slice('MJ::iframe::'.length);
    const answer = await fetch(`${hasty.discordSaysUrl}/.proxy/inpaint/api/submit-job/${token}`, {
      method: 'POST',
      body: JSON.stringify({ mask: await webpMask(), prompt: 'late' }),
    });
    expect(answer.status).toBe(404);
    await listener.end();
    await hasty.close();
  });
});
