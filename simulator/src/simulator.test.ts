import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from './simulator.ts';
import { DiscordUser, Listener, type Posted } from './testing/discord-user.ts';

let simulator: Simulator;
let user: DiscordUser;
let bot: Listener;
let person: Listener;

beforeAll(async () => {
  simulator = await startSimulator({ drawMs: 0, imageSize: 128, accounts: [{ concurrency: 3 }] });
  user = new DiscordUser(simulator);
  bot = await Listener.identified(simulator, user.account.botToken);
  person = await user.listen();
});

afterAll(async () => {
  await Promise.all([bot.end(), person.end()]);
  await simulator.close();
});

const isFinal = (message: Posted) => /\((fast|relaxed|turbo)[,)]|Image #\d/.test(message.content);
const finalWith = (text: string) =>
  bot.message((message) => message.content.includes(text) && isFinal(message));

async function grid(prompt: string): Promise<Posted> {
  await user.imagine(prompt);
  return finalWith(prompt.split(' --')[0] ?? prompt);
}

/** The final message that answers a button pressed on `parent`. */
const answerTo = (parent: Posted, text: string) =>
  bot.message(
    (message) =>
      message.message_reference?.message_id === parent.id &&
      message.content.includes(text) &&
      isFinal(message),
  );

async function pixels(message: Posted): Promise<Buffer> {
  const [attachment] = message.attachments;
  return Buffer.from(await (await fetch(attachment?.url ?? '')).arrayBuffer());
}

/** Mean difference of two pictures, 0 to 255, both shrunk to the same small size. */
async function difference(a: Buffer, b: Buffer): Promise<number> {
  const [one, two] = await Promise.all(
    [a, b].map((image) => sharp(image).resize(32, 32, { fit: 'fill' }).removeAlpha().raw().toBuffer()),
  );
  if (!one || !two) throw new Error('no picture');
  return one.reduce((sum, value, at) => sum + Math.abs(value - (two[at] ?? 0)), 0) / one.length;
}

describe('imagine', () => {
  it('waits, shows progress with a preview, posts the picture and deletes the progress message', async () => {
    const { nonce, answer } = await user.imagine('<#1234567890#> a  red fox\nunder an oak —ar 3:2 --seed 9');
    expect(answer.status).toBe(204);
    const echoed = '**<#1234567890#> a red fox under an oak --ar 3:2 --seed 9 --v 8.2**';
    const author = `<@${user.account.userId}>`;

    const waiting = await person.message(
      ({ content }) => content === `${echoed} - ${author} (Waiting to start)`,
    );
    expect(waiting).toMatchObject({ type: 20, nonce, interaction_metadata: { name: 'imagine', type: 2 } });
    const progress = await bot.updated(({ id }) => id === waiting.id);
    expect(progress.content).toBe(`${echoed} - ${author} (50%) (fast)`);
    const done = await bot.message((message) => message.content.startsWith(echoed) && isFinal(message));
    await bot.event('MESSAGE_DELETE', ({ id }) => id === waiting.id);
    expect(done.id).not.toBe(waiting.id);
    expect(done.message_reference).toBeUndefined();

    const [preview] = progress.attachments;
    const hash = preview?.filename.replace('_grid_0.webp', '');
    const page = `[(Open on website)](<https://midjourney.com/jobs/${hash}>)`;
    expect(done.content).toBe(`${echoed} - ${author} ${page} (fast)`);
    expect(done.attachments[0]?.filename).toBe(`painter_1_1234567890_a_red_fox_under_an_oak_${hash}.webp`);
    expect(done.components.flatMap((row) => row.components.map((button) => button.custom_id))).toEqual([
      ...[1, 2, 3, 4].map((index) => `MJ::JOB::upsample::${index}::${hash}`),
      `MJ::JOB::reroll::0::${hash}::SOLO`,
      ...[1, 2, 3, 4].map((index) => `MJ::JOB::variation::${index}::${hash}`),
    ]);
    const picture = await pixels(done);
    expect(picture.length).toBe(done.attachments[0]?.size);
    const { width, height } = await sharp(picture).metadata();
    expect({ width, height }).toEqual({
      width: done.attachments[0]?.width,
      height: done.attachments[0]?.height,
    });
    expect(width / height).toBeCloseTo(1.5, 1);

    const [job] = (await user.jobs()).filter(({ id }) => id === hash);
    expect(job).toMatchObject({
      kind: 'imagine',
      state: 'done',
      prompt: '<#1234567890#> a  red fox\nunder an oak —ar 3:2 --seed 9',
      nonce,
      interactionId: waiting.interaction_metadata?.id,
      finalMessageId: done.id,
      imageSha256: createHash('sha256').update(picture).digest('hex'),
    });
  });

  it('shows nonces and interactions to the user alone', async () => {
    const { nonce } = await user.imagine('who sees what');
    await finalWith('who sees what');
    const created = await person.event('INTERACTION_CREATE', (data) => data.nonce === nonce);
    const succeeded = await person.event('INTERACTION_SUCCESS', (data) => data.nonce === nonce);
    expect(succeeded.id).toBe(created.id);
    expect(bot.types().filter((type) => type?.startsWith('INTERACTION'))).toEqual([]);
    expect(bot.messages('MESSAGE_CREATE').filter((message) => message.nonce !== undefined)).toEqual([]);
    const waiting = await person.message((message) => message.nonce === nonce);
    expect(waiting.interaction_metadata?.id).toBe(created.id);
  });

  it('draws the same picture for the same prompt and seed, and another for another prompt', async () => {
    const [first, other] = await Promise.all([
      grid('twin lighthouses --seed 5'),
      grid('a desert of glass --seed 5'),
    ]);
    await user.imagine('twin  lighthouses --seed 5 --c 2');
    const second = await bot.message((message) => isFinal(message) && message.content.includes('--c 2'));
    const [one, two, three] = await Promise.all([first, second, other].map(pixels));
    if (!one || !two || !three) throw new Error('no picture');
    expect(one.equals(two)).toBe(true);
    expect(await difference(one, three)).toBeGreaterThan(8);
  });

  it('serves previews of what is being drawn', async () => {
    await user.control('POST', '/faults', { kind: 'slow', drawMs: 400, times: 1 });
    await user.imagine('preview me');
    const progress = await bot.updated(({ content }) => content.includes('preview me'));
    const answer = await fetch(progress.attachments[0]?.url ?? '');
    expect(answer.status).toBe(200);
    expect((await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).format).toBe('webp');
  });
});

describe('buttons on a grid', () => {
  it.each([1, 2, 3, 4])('U%i shows that quadrant at full size', async (index) => {
    const parent = await grid(`quadrants for ${index}`);
    await user.press(parent, `upsample::${index}::`);
    const pick = await answerTo(parent, `Image #${index} <@`);
    expect(pick.type).toBe(19);
    const [sheet, picked] = await Promise.all([pixels(parent), pixels(pick)]);
    const { width, height } = await sharp(sheet).metadata();
    const half = { width: width / 2, height: height / 2 };
    const distances = await Promise.all(
      [0, 1, 2, 3].map(async (at) => {
        const region = { left: (at % 2) * half.width, top: Math.floor(at / 2) * half.height, ...half };
        return difference(await sharp(sheet).extract(region).png().toBuffer(), picked);
      }),
    );
    expect(distances.indexOf(Math.min(...distances))).toBe(index - 1);
    expect((await sharp(picked).metadata()).width).toBe(width);
  });

  it('a variation replies to the grid, repeats its text and has a hash of its own', async () => {
    const parent = await grid('<#77#> vary this');
    const { nonce } = await user.press(parent, 'variation::2::');
    const variation = await answerTo(parent, 'Variations (Strong) by');
    expect(variation.content).toContain('**<#77#> vary this --v 8.2**');
    const waiting = await person.message((message) => message.nonce === nonce);
    expect(waiting).toMatchObject({
      type: 19,
      message_reference: { message_id: parent.id },
      interaction_metadata: { type: 3, interacted_message_id: parent.id },
    });
    const hashes = (await user.jobs()).map(({ id }) => id);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(await difference(await pixels(parent), await pixels(variation))).toBeGreaterThan(0);
  });

  it('marks the button in the grid, and keeps it marked', async () => {
    const parent = await grid('marked');
    const marked = (message: Posted) =>
      message.components.flatMap((row) =>
        row.components.flatMap(({ style, label }) => (style === 1 ? [label] : [])),
      );
    await user.press(parent, 'upsample::1::');
    expect(marked(await bot.updated(({ id }) => id === parent.id))).toEqual(['U1']);
    await user.press(parent, 'variation::3::');
    await bot.updated((message) => message.id === parent.id && marked(message).join() === 'U1,V3');
  });

  it('reroll draws the four again', async () => {
    const parent = await grid('again please');
    await user.press(parent, 'reroll::0::');
    const again = await answerTo(parent, 'again please');
    expect(again.content).not.toContain('Variations');
    expect((await pixels(again)).equals(await pixels(parent))).toBe(false);
  });
});

describe('buttons on one picture', () => {
  let parent: Posted;
  beforeAll(async () => {
    const sheet = await grid('one picture --v 7');
    await user.press(sheet, 'upsample::1::');
    parent = await answerTo(sheet, 'Image #1');
  });

  it.each([
    ['low_variation::1::', 'Variations (Subtle) by'],
    ['high_variation::1::', 'Variations (Strong) by'],
    ['Outpaint::50::1::', 'Zoom Out by'],
    ['Outpaint::75::1::', 'Zoom Out by'],
    ['pan_left::1::', 'Pan Left by'],
    ['pan_right::1::', 'Pan Right by'],
    ['pan_up::1::', 'Pan Up by'],
    ['pan_down::1::', 'Pan Down by'],
    ['upsample_v7_2x_subtle::1::', 'Upscaled (Subtle) by'],
    ['upsample_v7_2x_creative::1::', 'Upscaled (Creative) by'],
  ])('%s ends as "%s"', async (button, text) => {
    const before = bot.messages('MESSAGE_CREATE').length;
    const { answer } = await user.press(parent, button);
    expect(answer.status).toBe(204);
    const result = await bot.message(
      (message) =>
        bot.messages('MESSAGE_CREATE').findIndex(({ id }) => id === message.id) >= before &&
        message.message_reference?.message_id === parent.id &&
        message.content.includes(text) &&
        isFinal(message),
    );
    expect(result.attachments).toHaveLength(1);
    const hashes = new Set(
      result.components.flatMap((row) =>
        row.components.flatMap(({ custom_id, url }) => /[0-9a-f-]{36}/.exec(custom_id ?? url ?? '') ?? []),
      ),
    );
    expect(hashes.size).toBe(1);
    const [hash = ''] = hashes;
    const isNamed = result.attachments[0]?.filename.includes(hash);
    expect(isNamed).toBe(text.startsWith('Variations'));
    const link = `https://www.midjourney.com/jobs/${hash}`;
    if (!isNamed) expect(JSON.stringify(result.components)).toContain(link);
    expect((await pixels(result)).length).toBe(result.attachments[0]?.size);
  });

  it('animate answers with an animated picture', async () => {
    await user.press(parent, 'animate_low::1::');
    const video = await answerTo(parent, '**one picture --motion low --video 1 --aspect 1:1**');
    expect((await sharp(await pixels(video)).metadata()).pages).toBeGreaterThan(1);
  });

  it('custom zoom asks in a modal, which only the user sees', async () => {
    const { nonce } = await user.press(parent, 'MJ::CustomZoom::');
    const modal = await person.event('INTERACTION_MODAL_CREATE', (data) => data.nonce === nonce);
    const field = 'MJ::OutpaintCustomZoomModal::prompt';
    expect(JSON.stringify(modal.components)).toContain(field);
    const submit = (value: string) =>
      user.interact({
        type: 5,
        data: {
          id: modal.id,
          custom_id: modal.custom_id,
          components: [{ type: 1, components: [{ type: 4, custom_id: field, value }] }],
        },
      });
    expect((await submit('zoomed far --zoom 1.7')).answer.status).toBe(204);
    expect((await answerTo(parent, 'zoomed far')).content).toContain('Zoom Out by');
    const again = await (await submit('zoomed far --zoom 1.7')).answer.json();
    expect(again).toMatchObject({ code: 10062 });
  });

  it('bookmark marks the button', async () => {
    await user.press(parent, 'MJ::BOOKMARK::');
    await bot.updated(
      ({ id, components }) =>
        id === parent.id && /"style":3,"custom_id":"MJ::BOOKMARK/.test(JSON.stringify(components)),
    );
  });

  it('older model versions have their own buttons', async () => {
    const [five, six] = await Promise.all([grid('version five --v 5.2'), grid('version six --v 6')]);
    await user.press(five, 'upsample::1::');
    await user.press(six, 'upsample::1::');
    const ids = async (sheet: Posted) => JSON.stringify((await answerTo(sheet, 'Image #1')).components);
    expect(await ids(five)).toContain('upsample_v5_4x');
    expect(await ids(six)).toContain('upsample_v6_2x_creative');
    const sixOne = await grid('version six one --v 6.1');
    await user.press(sixOne, 'upsample::1::');
    const single = await answerTo(sixOne, 'Image #1');
    expect(JSON.stringify(single.components)).toContain('upsample_v6r1_2x_subtle');
    const { nonce } = await user.press(single, 'MJ::CustomZoom::1::');
    await person.event('INTERACTION_MODAL_CREATE', (data) => data.nonce === nonce);
    expect(six.content).toContain('--v 6.0');
  });
});

describe('other commands', () => {
  async function photo(colour: string): Promise<Buffer> {
    return sharp({ create: { width: 60, height: 40, channels: 3, background: colour } })
      .png()
      .toBuffer();
  }

  it('describe answers twice: nothing yet, then four prompts and the picture', async () => {
    const uploaded = await user.upload('my photo.png', await photo('#2244cc'));
    const { nonce, answer } = await user.command('describe', [{ type: 11, name: 'image', value: 0 }], {
      data: { attachments: [{ id: '0', filename: 'my_photo.png', uploaded_filename: uploaded }] },
    });
    expect(answer.status).toBe(204);
    const first = await person.message((message) => message.nonce === nonce);
    expect(first).toMatchObject({ content: '', embeds: [] });
    const { embeds, components } = await bot.updated(({ id }) => id === first.id);
    expect(embeds[0]?.description?.split('\n\n').map((line) => line.slice(0, 3))).toEqual([
      '1️⃣',
      '2️⃣',
      '3️⃣',
      '4️⃣',
    ]);
    expect(embeds[0]?.description).toContain('blue');
    expect(embeds[0]?.image?.url).toContain('/my_photo.png?');
    expect((await fetch(embeds[0]?.image?.url ?? '')).headers.get('content-type')).toBe('image/png');
    expect(JSON.stringify(components)).toContain('MJ::Job::PicReader::4');
  });

  it('describe takes the link of a picture, too', async () => {
    const parent = await grid('linked to');
    const link = (value: string) => [{ type: 3, name: 'link', value }];
    const { nonce } = await user.command('describe', link(parent.attachments[0]?.url ?? ''));
    const first = await person.message((message) => message.nonce === nonce);
    const { embeds } = await bot.updated(({ id }) => id === first.id);
    expect(embeds[0]?.image?.url).toContain('linked_to');
    await user.command('describe', link('https://cdn.discordapp.com/attachments/1/2/gone.png'));
    await person.updated(({ embeds }) => embeds[0]?.title === 'Invalid link!');
    const outside = await user.command('describe', link('https://example.com/pictures/a_red_boat.png'));
    const empty = await person.message((message) => message.nonce === outside.nonce);
    const described = await bot.updated(({ id }) => id === empty.id);
    expect(described.embeds[0]?.image?.url).toContain('a_red_boat.png');
    expect((await fetch(described.embeds[0]?.image?.url ?? '')).headers.get('content-type')).toBe(
      'image/png',
    );
  });

  it('describe denies what is no image', async () => {
    const uploaded = await user.upload('broken.png', (await photo('red')).subarray(0, 60));
    const { nonce } = await user.command('describe', [{ type: 11, name: 'image', value: 0 }], {
      data: { attachments: [{ id: '0', filename: 'broken.png', uploaded_filename: uploaded }] },
    });
    const first = await person.message((message) => message.nonce === nonce);
    expect((await bot.updated(({ id }) => id === first.id)).embeds[0]?.title).toBe('Image denied');
  });

  it('blend draws from the images given', async () => {
    const files = await Promise.all([
      user.upload('a.png', await photo('red')),
      user.upload('b.png', await photo('green')),
    ]);
    const attachments = files.map((uploadedFilename, at) => ({
      id: `${at}`,
      filename: 'x.png',
      uploaded_filename: uploadedFilename,
    }));
    await user.command(
      'blend',
      [
        { type: 11, name: 'image1', value: 0 },
        { type: 11, name: 'image2', value: 1 },
        { type: 3, name: 'dimensions', value: '--ar 2:3' },
      ],
      { data: { attachments } },
    );
    const blended = await bot.message(({ content }) =>
      /^\*\*<https:\/\/s\.mj\.run\/\w+> <https.*\((fast)\)/.test(content),
    );
    const { width = 0, height = 0 } = blended.attachments[0] ?? {};
    expect(height).toBeGreaterThan(width);
  });

  it('shorten lists shorter prompts', async () => {
    const { nonce } = await user.command('shorten', [
      { type: 3, name: 'prompt', value: 'a very beautiful and really magnificent old castle' },
    ]);
    const first = await person.message((message) => message.nonce === nonce);
    const { embeds } = await bot.updated(({ id }) => id === first.id);
    expect(embeds[0]?.description).toMatch(/1️⃣ .+\n\n2️⃣ /);
  });

  it('show brings a job back with its buttons', async () => {
    const parent = await grid('bring me back');
    const hash = parent.attachments[0]?.filename.split('_').at(-1)?.replace('.webp', '');
    const { nonce } = await user.command('show', [{ type: 3, name: 'job_id', value: hash }]);
    const shown = await person.message((message) => message.nonce === nonce);
    expect(shown.attachments[0]?.filename).toContain(hash);
    await user.press(shown, 'upsample::3::');
    expect((await answerTo(shown, 'Image #3')).content).toContain('bring me back');
  });

  it('info and settings are seen by the user alone', async () => {
    const { nonce } = await user.command('info');
    const loading = await person.message((message) => message.nonce === nonce);
    expect(loading).toMatchObject({ flags: 192, content: '', embeds: [] });
    const info = await person.updated(({ id }) => id === loading.id);
    expect(info).toMatchObject({ flags: 64, interaction: { name: 'info' } });
    expect(info).not.toHaveProperty('nonce');
    expect(info.embeds[0]?.description).toContain('**Fast Time Remaining**');
    const history = (await user.get(`/channels/${user.account.channelId}/messages`)) as unknown as Posted[];
    expect(history.map(({ id }) => id)).not.toContain(info.id);
    const settings = await user.command('settings');
    const deferred = await person.message((message) => message.nonce === settings.nonce);
    const panel = await person.updated(({ id }) => id === deferred.id);
    await user.press(panel, 'MJ::Settings::RelaxMode');
    await person.updated(
      ({ id, components }) =>
        id === panel.id && /"style":3,"custom_id":"MJ::Settings::Relax/.test(JSON.stringify(components)),
    );
    expect((await grid('slowly now')).content).toContain('(relaxed)');
    await user.press(panel, 'MJ::Settings::FastMode');
    expect(bot.messages('MESSAGE_CREATE').filter(({ flags }) => (flags & 64) !== 0)).toEqual([]);
  });

  it('niji has its own commands and author', async () => {
    await user.command('imagine', [{ type: 3, name: 'prompt', value: 'paper lanterns' }], {
      application_id: '1022952195194359889',
    });
    const done = await finalWith('paper lanterns');
    expect(done.content).toContain('--niji 7');
    expect(done).toMatchObject({ author: { id: '1022952195194359889' } });
  });
});

describe('lazy pictures', () => {
  it('are drawn when they are opened', async () => {
    const lazy = await startSimulator({ drawMs: 0, imageSize: 64, lazyPictures: true });
    const lazyUser = new DiscordUser(lazy);
    const listener = await Listener.identified(lazy, lazyUser.account.botToken);
    await lazyUser.imagine('not before I look');
    const done = await listener.message(isFinal);
    expect(await lazyUser.jobs()).toMatchObject([{ state: 'done' }]);
    expect((await lazyUser.jobs())[0]).not.toHaveProperty('imageSha256');
    expect((await sharp(await pixels(done)).metadata()).width).toBe(64);
    expect((await lazyUser.jobs())[0]).toHaveProperty('imageSha256');
    await listener.end();
    await lazy.close();
  });
});

describe('one picture', () => {
  it('is the result of every job, in its true size', async () => {
    const prepared = await startSimulator({ drawMs: 0, imageSize: 64, onePicture: true });
    const user = new DiscordUser(prepared);
    const listener = await Listener.identified(prepared, user.account.botToken);
    const results: Buffer[] = [];
    for (const prompt of ['a red boat', 'a green hill', 'a wide lake --ar 2:1']) {
      await user.imagine(prompt);
      results.push(
        await pixels(
          await listener.message((message) => isFinal(message) && message.content.includes(prompt)),
        ),
      );
    }
    const [boat, hill, lake] = results;
    expect(hill?.equals(boat ?? Buffer.alloc(0))).toBe(true);
    expect(lake?.equals(boat ?? Buffer.alloc(0))).toBe(false);
    await listener.end();
    await prepared.close();
  });
});
