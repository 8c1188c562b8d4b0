import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../simulator.ts';
import { DiscordUser, Listener, type Posted } from '../../testing/discord-user.ts';

let simulator: Simulator;
let user: DiscordUser;
let bot: Listener;
let person: Listener;
let single: Posted;

beforeAll(async () => {
  simulator = await startSimulator({ drawMs: 0, imageSize: 64 });
  user = new DiscordUser(simulator);
  bot = await Listener.identified(simulator, user.account.botToken);
  person = await user.listen();
  await user.imagine('a paper boat --ar 3:2 --v 7');
  const grid = await bot.message((message) => isFinal(message) && message.content.includes('paper boat'));
  single = await replyTo(grid, 'upsample::1::');
});
afterAll(async () => {
  await Promise.all([bot.end(), person.end()]);
  await simulator.close();
});

const isFinal = ({ attachments, components }: Posted) =>
  attachments.length === 1 && !JSON.stringify(components).includes('CancelJob');

/** Presses a button and waits for its result, which refers to the message of the button. */
async function replyTo(message: Posted, button: string): Promise<Posted> {
  const known = new Set(bot.messages('MESSAGE_CREATE').map(({ id }) => id));
  await user.press(message, button);
  return bot.message(
    (posted) =>
      !known.has(posted.id) && posted.message_reference?.message_id === message.id && isFinal(posted),
  );
}

const idsOf = (message: Posted) =>
  message.components.flatMap(({ components }) => components.map(({ custom_id = '' }) => custom_id));
const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const hashIn = (text: string) => new RegExp(uuid).exec(text)?.[0] ?? '';

async function fileOf(message: Posted): Promise<{ type: string | null; bytes: Buffer }> {
  const answer = await fetch(message.attachments[0]?.url ?? '');
  return { type: answer.headers.get('content-type'), bytes: Buffer.from(await answer.arrayBuffer()) };
}

async function webpSeconds(message: Posted): Promise<{ pages?: number; seconds: number }> {
  const { pages, delay = [] } = await sharp((await fileOf(message)).bytes).metadata();
  return { pages, seconds: Math.round(delay.reduce((sum, ms) => sum + ms, 0) / 1000) };
}

/** As its `mvhd` box says. */
function mp4Seconds(bytes: Buffer): number {
  const at = bytes.indexOf('mvhd') + 4;
  return bytes.readUInt32BE(at + 16) / bytes.readUInt32BE(at + 12);
}

const author = () => `<@${user.account.userId}>`;

describe('/imagine with --video', () => {
  it('makes a sheet of clips from the picture of its link, and replies to its own first message', async () => {
    const link = single.attachments[0]?.url ?? '';
    const { nonce } = await user.imagine(`${link} <#7#> waves --video --motion low --bs 2 --stylize 50`);
    const waiting = await person.message((message) => message.nonce === nonce);
    const text = /^Creating video with prompt (\*\*.+\*\*) - /.exec(waiting.content)?.[1] ?? '';
    expect(text).toMatch(
      /^\*\*<https:\/\/s\.mj\.run\/\w+> <#7#> waves --motion low --bs 2 --video 1 --aspect 3:2\*\*$/,
    );
    expect(waiting.content).toBe(`Creating video with prompt ${text} - ${author()} (Waiting to start)`);
    const progress = await bot.updated(({ id }) => id === waiting.id);
    expect(progress.content).toBe(`${text} - ${author()} (50%) (fast)`);
    expect(progress.attachments.map(({ filename }) => filename.slice(-7))).toEqual(['_0.jpeg', '_1.jpeg']);

    const sheet = await bot.message(({ message_reference }) => message_reference?.message_id === waiting.id);
    const hash = hashIn(sheet.attachments[0]?.filename ?? '');
    expect(sheet).toMatchObject({ type: 19, referenced_message: expect.anything() });
    expect(sheet.content.startsWith(`${text} - ${author()} [(Open on website`)).toBe(true);
    expect(sheet.content).toContain(`(<https://midjourney.com/jobs/${hash}>) (fast)`);
    expect(idsOf(sheet).slice(0, 3)).toEqual([
      `MJ::JOB::video_virtual_upscale::1::${hash}`,
      `MJ::JOB::video_virtual_upscale::2::${hash}`,
      `MJ::JOB::reroll::0::${hash}::SOLO`,
    ]);
    await bot.event('MESSAGE_DELETE', ({ id }) => id === waiting.id);
    expect((await fileOf(sheet)).type).toBe('image/webp');
    expect(await webpSeconds(sheet)).toEqual({ pages: 12, seconds: 5 });
  });

  it('may end as it began, or in another picture', async () => {
    const link = single.attachments[0]?.url ?? '';
    await user.imagine(`${link} round --video --loop`);
    await bot.message(({ content }) => content.includes('round --end loop --video 1 --aspect 3:2**'));
    await user.imagine(`${link} onward --video --end ${link}`);
    await bot.message(({ content }) => /onward --end <https:\/\/s\.mj\.run\/\w+> --video 1/.test(content));
  });

  it.each([
    ['without a picture', 'a wave --video', /must begin with the link/],
    ['with a wrong value', 'https://example.com/a.png --video --bs 3', /Invalid value `3` for `--bs`/],
    ['with what it does not know', 'https://example.com/a.png --video --foo', /`--foo`/],
    ['with a broken end', 'https://example.com/a.png --video --end https://example.com/page', /fetch/],
  ])('is refused %s', async (_what, prompt, words) => {
    await user.imagine(prompt);
    const says = ({ embeds, content }: Posted) => words.test(`${embeds[0]?.description} ${content}`);
    await Promise.any([person.message(says), person.updated(says)]);
  });

  it('is refused in turbo mode, in an edit of a deferred answer', async () => {
    const { nonce } = await user.imagine('https://example.com/a.png fast water --video --turbo');
    const first = await person.message((message) => message.nonce === nonce);
    expect(first).toMatchObject({ type: 20, flags: 128, content: '' });
    const refusal = await bot.updated(({ id }) => id === first.id);
    expect(refusal).toMatchObject({
      flags: 0,
      embeds: [
        {
          title: 'Invalid parameter',
          description: "Turbo mode isn't supported for video jobs",
          footer: { text: '/imagine https://example.com/a.png fast water --video --turbo' },
        },
      ],
    });
    expect(refusal.embeds[0]).not.toHaveProperty('color');

    const set = (speed: string) =>
      user.control('POST', `/accounts/${user.account.userId}/settings`, { speed });
    await set('turbo');
    await user.press(single, 'animate_low::');
    await set('fast');
    await bot.updated(
      ({ embeds, message_reference }) =>
        message_reference?.message_id === single.id && /^Turbo mode/.test(embeds[0]?.description ?? ''),
    );
  });
});

describe('a sheet of four', () => {
  let sheet: Posted;
  beforeAll(async () => {
    sheet = await replyTo(single, 'animate_high::');
  });

  it('has a button for each clip', () => {
    const hash = hashIn(sheet.attachments[0]?.filename ?? '');
    expect(idsOf(sheet).slice(0, 5)).toEqual([
      ...[1, 2, 3, 4].map((n) => `MJ::JOB::video_virtual_upscale::${n}::${hash}`),
      `MJ::JOB::reroll::0::${hash}::SOLO`,
    ]);
  });

  it('is made of other bytes each time, those that the simulator has written down', async () => {
    const again = await replyTo(single, 'animate_high::');
    const reroll = await replyTo(sheet, 'reroll::0::');
    const sha256s = await Promise.all(
      [sheet, again, reroll].map(async (message) =>
        createHash('sha256')
          .update((await fileOf(message)).bytes)
          .digest('hex'),
      ),
    );
    expect(new Set(sha256s).size).toBe(3);
    const picks = [await replyTo(sheet, 'upscale::1::'), await replyTo(again, 'upscale::1::')];
    const [one, other] = await Promise.all(picks.map(fileOf));
    expect(one?.bytes.equals(other?.bytes ?? Buffer.of())).toBe(false);
    const recorded = (await user.jobs()).map(({ imageSha256 }) => imageSha256);
    expect(recorded).toEqual(expect.arrayContaining(sha256s));
  });

  it.each([1, 2, 3, 4])('gives its clip %d as an mp4 at once', async (number) => {
    const video = await replyTo(sheet, `video_virtual_upscale::${number}::`);
    const filename = video.attachments[0]?.filename ?? '';
    const hash = hashIn(filename);
    expect(filename).toBe(`${hash}_${number}_720_N.mp4`);
    const job = (await user.jobs()).find(({ finalMessageId }) => finalMessageId === video.id);
    expect([job?.id, hashIn(sheet.attachments[0]?.filename ?? '')]).toContain(hash);
    expect(job).toMatchObject({ kind: 'video_pick', index: number, hash });
    const text = '**a paper boat --motion high --video 1 --aspect 3:2**';
    expect(['', `${text} (fast)`, `${text} - ${author()} (fast)`]).toContain(video.content);
    const ending = job && Number(job.seed) % 2 ? '::SOLO' : '';
    expect(idsOf(video).slice(0, 2)).toEqual([
      `MJ::JOB::animate_high_extend::${number}::${hash}${ending}`,
      `MJ::JOB::animate_low_extend::${number}::${hash}${ending}`,
    ]);
    const { type, bytes } = await fileOf(video);
    expect({ type, size: bytes.length }).toEqual({ type: 'video/mp4', size: video.attachments[0]?.size });
    expect(mp4Seconds(bytes)).toBe(5);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(job?.imageSha256);
    expect(job?.messageIds).toEqual([video.id]);
  });

  it('is refused what it does not have', async () => {
    const { answer } = await user.interact({
      type: 3,
      message_id: sheet.id,
      message_flags: 0,
      data: { component_type: 2, custom_id: idsOf(sheet)[0]?.replace('upscale::1', 'upscale::5') },
    });
    expect(answer.status).toBe(400);
  });
});

describe('an extended video', () => {
  it('is four seconds longer each time, up to 21', async () => {
    let sheet = await replyTo(single, 'animate_low::');
    for (const seconds of [5, 9, 13, 17, 21]) {
      expect(await webpSeconds(sheet)).toEqual({ pages: 12, seconds });
      const video = await replyTo(sheet, 'video_virtual_upscale::2::');
      expect(mp4Seconds((await fileOf(video)).bytes)).toBe(seconds);
      if (seconds === 21) {
        expect(idsOf(video).join()).not.toContain('extend');
        return;
      }
      sheet = await replyTo(video, 'animate_high_extend::2::');
      expect(sheet.content).toContain('a paper boat --motion high --video 1 --aspect 3:2** - ');
      // The source's message is edited meanwhile, with the same video: that is no result.
      const echo = await bot.updated(({ id }) => id === video.id);
      expect(echo.attachments[0]?.filename).toBe(video.attachments[0]?.filename);
    }
  });

  it('may get another prompt in remix mode', async () => {
    const video = await replyTo(await replyTo(single, 'animate_low::'), 'video_virtual_upscale::4::');
    await user.control('POST', `/accounts/${user.account.userId}/settings`, { remix: true });
    const { nonce } = await user.press(video, 'animate_low_extend::4::');
    const form = await person.event('INTERACTION_MODAL_CREATE', (data) => data.nonce === nonce);
    await user.control('POST', `/accounts/${user.account.userId}/settings`, { remix: false });
    const hash = hashIn(video.attachments[0]?.filename ?? '');
    expect(form.custom_id).toBe(`MJ::AnimateModal::${hash}::4::low::1`);
    const [row] = form.components as { components: { custom_id: string; value: string }[] }[];
    const field = row?.components[0];
    expect(field).toMatchObject({
      custom_id: 'MJ::AnimateModal::prompt',
      value: 'a paper boat --motion low --video 1 --aspect 3:2',
    });
    await user.interact({
      type: 5,
      data: {
        id: form.id,
        custom_id: form.custom_id,
        components: [
          {
            type: 1,
            components: [{ type: 4, custom_id: field?.custom_id, value: 'it sinks --motion high --video 1' }],
          },
        ],
      },
    });
    const sheet = await bot.message(
      (message) =>
        isFinal(message) && message.content.includes('**it sinks --motion high --video 1 --aspect 3:2**'),
    );
    expect(await webpSeconds(sheet)).toMatchObject({ seconds: 9 });
  });
});

it('videos have slots of their own', async () => {
  const slow = await startSimulator({ drawMs: 60_000, imageSize: 64, accounts: [{ concurrency: 1 }] });
  const other = new DiscordUser(slow);
  for (const prompt of [
    'one',
    'https://example.com/a.png two --video',
    'three',
    'https://example.com/a.png four --video',
  ])
    await other.imagine(prompt);
  await expect
    .poll(() => other.control('GET', '/stats'))
    .toMatchObject({ accounts: [{ drawing: 1, open: 2, videos: { drawing: 1, open: 2 } }] });
  await slow.close();
});
