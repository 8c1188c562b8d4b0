import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../simulator.ts';
import { DiscordUser, Listener, type Posted } from '../testing/discord-user.ts';

let simulator: Simulator;
let user: DiscordUser;
let bot: Listener;
let person: Listener;
let sheet: Posted;
let single: Posted;

beforeAll(async () => {
  simulator = await startSimulator({ drawMs: 0, imageSize: 64 });
  user = new DiscordUser(simulator);
  bot = await Listener.identified(simulator, user.account.botToken);
  person = await user.listen();
  await user.imagine('<#42#> a paper boat --ar 3:2 --raw --v 7');
  sheet = await finished(({ content }) => content.includes('a paper boat'));
  await user.press(sheet, 'upsample::1::');
  single = await finished(({ content }) => content.includes('Image #1'));
});

afterAll(async () => {
  await Promise.all([bot.end(), person.end()]);
  await simulator.close();
});

const isFinished = ({ content }: Posted) => /(?<!%\)) \((fast)\)|Image #\d/.test(content);
const finished = (fits: (message: Posted) => boolean) =>
  bot.message((message) => isFinished(message) && fits(message));

async function remix(on: boolean) {
  await user.control('POST', `/accounts/${user.account.userId}/settings`, { remix: on });
}

/** Presses a button that opens a form, and gives the form. */
async function opened(message: Posted, button: string) {
  const { nonce } = await user.press(message, button);
  const form = await person.event('INTERACTION_MODAL_CREATE', (data) => data.nonce === nonce);
  const success = await person.event('INTERACTION_SUCCESS', (data) => data.nonce === nonce);
  expect(success.id).toBe(form.id);
  const [row] = form.components as { components: { custom_id: string; value: string }[] }[];
  const field = row?.components[0];
  if (!field) throw new Error('a form without a field');
  return {
    customId: String(form.custom_id),
    field: field.custom_id,
    value: field.value,
    submit: (value: string) =>
      user.interact({
        type: 5,
        data: {
          id: form.id,
          custom_id: form.custom_id,
          components: [{ type: 1, components: [{ type: 4, custom_id: field.custom_id, value }] }],
        },
      }),
  };
}

const uuid = '[0-9a-f-]{36}';

describe('in remix mode', () => {
  beforeAll(() => remix(true));
  afterAll(() => remix(false));

  it.each([
    [
      'variation::2::',
      () => sheet,
      `MJ::RemixModal::${uuid}::2::1`,
      'MJ::RemixModal::new_prompt',
      'Remix (Strong) by',
    ],
    [
      'low_variation::',
      () => single,
      `MJ::RemixModal::${uuid}::1::0`,
      'MJ::RemixModal::new_prompt',
      'Remix (Subtle) by',
    ],
    [
      'high_variation::',
      () => single,
      `MJ::RemixModal::${uuid}::1::1`,
      'MJ::RemixModal::new_prompt',
      'Remix (Strong) by',
    ],
    ['pan_left::', () => single, `MJ::PanModal::left::${uuid}::1`, 'MJ::PanModal::prompt', 'Pan Left by'],
    ['reroll::0::', () => sheet, 'MJ::ImagineModal::\\d+', 'MJ::ImagineModal::new_prompt', ' - <@'],
    [
      'animate_low::',
      () => single,
      `MJ::AnimateModal::${uuid}::1::low::0`,
      'MJ::AnimateModal::prompt',
      '--motion low --video 1',
    ],
  ])('%s opens its form and draws what is written there', async (button, source, customId, field, text) => {
    const form = await opened(source(), button);
    expect(form.customId).toMatch(new RegExp(`^${customId}$`));
    expect(form).toMatchObject({ field, value: expect.stringContaining('<#42#> a paper boat') });
    const prompt = `a glass boat by ${button.replace(/\W/g, '')}`;
    const { nonce, answer } = await form.submit(prompt);
    expect(answer.status).toBe(204);
    const first = await person.message((message) => message.nonce === nonce);
    expect(first.interaction_metadata).toMatchObject({ type: 5 });
    const drawn = await finished(({ content }) => content.includes(prompt));
    expect(drawn.content).toContain(text);
    expect(drawn.message_reference?.message_id).toBe(source().id);
  });

  it('refuses what is not understood, as anywhere', async () => {
    const form = await opened(single, 'pan_up::');
    const { nonce } = await form.submit('a boat --ar wide');
    const refusal = await person.message((message) => message.nonce === nonce);
    expect(refusal).toMatchObject({ flags: 64, embeds: [{ title: 'Invalid parameter' }] });
  });

  it('picks and upscales ask for nothing', async () => {
    await user.press(single, 'upsample_v7_2x_subtle::');
    await finished(({ content }) => content.includes('Upscaled (Subtle) by'));
  });

  it('the numbers of shortened prompts open a form', async () => {
    const { nonce } = await user.command('shorten', [
      { type: 3, name: 'prompt', value: 'a very beautiful and really magnificent old castle' },
    ]);
    const first = await person.message((message) => message.nonce === nonce);
    const shortened = await bot.updated(({ id }) => id === first.id);
    expect(shortened.embeds[0]?.footer?.text).toBe(
      'Click on a button to imagine one of the shortened prompts',
    );
    const form = await opened(shortened, 'PromptAnalyzer::1');
    expect(form).toMatchObject({
      customId: `MJ::ImagineModal::${shortened.id}`,
      field: 'MJ::ImagineModal::new_prompt',
    });
    await form.submit(`${form.value} at dawn`);
    await finished(({ content }) => content.includes('castle at dawn'));
  });
});

describe('the texts of a description', () => {
  let described: Posted;
  beforeAll(async () => {
    const photo = sharp({ create: { width: 60, height: 40, channels: 3, background: 'teal' } });
    const uploadedFilename = await user.upload('sea.png', await photo.png().toBuffer());
    const { nonce } = await user.command('describe', [{ type: 11, name: 'image', value: 0 }], {
      data: { attachments: [{ id: '0', filename: 'sea.png', uploaded_filename: uploadedFilename }] },
    });
    const first = await person.message((message) => message.nonce === nonce);
    described = await bot.updated(({ id }) => id === first.id);
  });

  it('open a form with the text of their number, whatever the mode', async () => {
    const form = await opened(described, 'PicReader::2');
    expect(form).toMatchObject({
      customId: 'MJ::Picreader::Modal::2',
      field: 'MJ::Picreader::Modal::PromptField',
      value: expect.stringContaining('printed poster'),
    });
    await form.submit(`${form.value.split(' --')[0]}, framed`);
    const drawn = await finished(({ content }) => content.includes('framed'));
    expect(drawn.message_reference?.message_id).toBe(described.id);
  });

  it('are drawn all at once, without a form', async () => {
    const { nonce } = await user.press(described, 'PicReader::all');
    const answer = await person.message((message) => message.nonce === nonce);
    const four = () =>
      bot
        .messages('MESSAGE_CREATE')
        .filter(
          (message) =>
            isFinished(message) &&
            message.message_reference?.message_id === described.id &&
            !message.content.includes('framed'),
        );
    await bot.message(() => four().length === 4);
    expect(answer.content).toContain('a wide scene');
  });
});

describe('animate', () => {
  it('repeats the text of its picture, with previews of four videos', async () => {
    const { nonce } = await user.press(single, 'animate_high::');
    const text = '**<#42#> a paper boat --raw --motion high --video 1 --aspect 3:2**';
    const author = `<@${user.account.userId}>`;
    const first = await person.message((message) => message.nonce === nonce);
    expect(first.content).toBe(`Creating video with prompt ${text} - ${author} (Waiting to start)`);
    const progress = await bot.updated(({ id }) => id === first.id);
    expect(progress.content).toBe(`${text} - ${author} (50%) (fast)`);
    expect(progress.attachments.map(({ filename }) => filename.slice(-7))).toEqual([
      '_0.jpeg',
      '_1.jpeg',
      '_2.jpeg',
      '_3.jpeg',
    ]);
    const preview = await fetch(progress.attachments[3]?.url ?? '');
    expect(preview.headers.get('content-type')).toBe('image/jpeg');
    const video = await finished(({ content }) => content.startsWith(text));
    expect(video.content.slice(text.length)).toMatch(
      new RegExp(
        `^ - (Animate \\(High motion\\) by )?${author} \\[\\(Open on website( for full quality)?\\)\\]`,
      ),
    );
    expect(video.attachments[0]?.filename).toMatch(/\.webp$/);
    expect(video.message_reference?.message_id).toBe(single.id);
  });
});
