import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Simulator, startSimulator } from '@midjourney-api/simulator/simulator';
import { DiscordUser, type Listener, type Posted } from '@midjourney-api/simulator/testing/discord-user';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../scripts/services/chromium.ts';

let simulator: Simulator;
let user: DiscordUser;
let person: Listener;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  simulator = await startSimulator({ drawMs: 0, imageSize: 64 });
  user = new DiscordUser(simulator);
  person = await user.listen();
  browser = await chromium.launch({
    executablePath: findChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  page = await browser.newPage();
});
afterAll(async () => {
  await browser?.close();
  await person?.end();
  await simulator?.close();
});

interface Played {
  duration: number;
  width: number;
  /** Of a corner near its end: red, green and blue. */
  colour: number[];
}

/** What a browser makes of an mp4. */
function play(mp4: Buffer): Promise<Played> {
  return page.evaluate<Played>(`new Promise((resolve, reject) => {
    const video = document.createElement('video');
    video.onerror = () => reject(new Error(video.error.message));
    video.onloadeddata = () => { video.currentTime = video.duration - 0.2; };
    // It is decoded by then, but perhaps not shown yet: as long as nothing is, nothing is drawn.
    video.onseeked = () => draw();
    const draw = () => {
      const canvas = document.createElement('canvas');
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      const context = canvas.getContext('2d');
      context.drawImage(video, 0, 0);
      const [...colour] = context.getImageData(4, 4, 1, 1).data;
      if (colour.pop() < 255) return requestAnimationFrame(draw);
      resolve({ duration: video.duration, width: video.videoWidth, colour });
    };
    video.src = 'data:video/mp4;base64,${mp4.toString('base64')}';
  })`);
}

describe('in a browser', () => {
  const hasFile = (message: Posted) =>
    message.attachments.length === 1 && !JSON.stringify(message.components).includes('CancelJob');

  async function press(message: Posted, button: string): Promise<Posted> {
    await user.press(message, button);
    return person.message((other) => other.message_reference?.message_id === message.id && hasFile(other));
  }

  it('a picked video plays', async () => {
    await user.imagine('a kite --v 7');
    const single = await press(await person.message(hasFile), 'upsample::1::');
    const sheet = await press(single, 'animate_high::');
    const video = await press(sheet, 'video_virtual_upscale::3::');
    const file = video.attachments[0];
    const answer = await fetch(file?.url ?? '');
    const played = await play(Buffer.from(await answer.arrayBuffer()));
    expect(played).toMatchObject({ duration: 5, width: file?.width });
  });

  const clips = new URL('../../simulator/assets/clips/', import.meta.url);
  it.each(readdirSync(clips))('%s plays for its whole length, in its own colour', async (name) => {
    const { duration, colour } = await play(await readFile(new URL(name, clips)));
    const [, index = '', seconds] = /^(\d)-(\d+)s\.mp4$/.exec(name) ?? [];
    expect(duration).toBeCloseTo(Number(seconds), 1);
    const colours: Record<string, number[]> = {
      1: [0xb0, 0x3a, 0x2e],
      2: [0x1e, 0x84, 0x49],
      3: [0x21, 0x61, 0x8c],
      4: [0xb9, 0x77, 0x0e],
    };
    for (const [at, value] of (colours[index] ?? []).entries()) {
      expect(Math.abs((colour[at] ?? 0) - value)).toBeLessThan(12);
    }
  });

  it('a person passes the human check', async () => {
    await user.control('POST', `/accounts/${user.account.userId}/verify`);
    const frame = await person.event('INTERACTION_IFRAME_MODAL_CREATE');
    const asked = String(frame.custom_id).replace('MJ::iframe::', '');
    const answer = await fetch(`${simulator.discordSaysUrl}/captcha/api/c/${asked}/ack?hash=1`);
    const { hash, token } = (await answer.json()) as { hash: string; token: string };
    await page.goto(`${simulator.editorUrl}/captcha/challenge/index.html?hash=${hash}&token=${token}`);
    await page.getByRole('button', { name: 'I am human' }).click();
    await page.getByText('Thank you').waitFor();
    await user.imagine('a crowd --v 7');
    await person.message((message) => hasFile(message) && message.content.includes('a crowd'));
  });
});
