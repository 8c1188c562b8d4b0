import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../simulator.ts';
import { DiscordUser, Listener } from '../testing/discord-user.ts';

let simulator: Simulator;
let user: DiscordUser;
let bot: Listener;
let person: Listener;

beforeAll(async () => {
  simulator = await startSimulator({ drawMs: 0, imageSize: 64 });
  user = new DiscordUser(simulator);
  bot = await Listener.identified(simulator, user.account.botToken);
  person = await user.listen();
});
afterAll(async () => {
  await Promise.all([bot.end(), person.end()]);
  await simulator.close();
});
afterEach(() => user.control('DELETE', '/replies'));

const play = async (event: object) => String((await user.control('POST', '/messages', event)).id);

describe('POST /messages', () => {
  it('posts a message word for word, from the bot, with what is missing filled in', async () => {
    const embeds = [{ title: 'Slow down!', description: 'Try again <t:1:R>', colour: 'none' }];
    const id = await play({ d: { content: 'raw one', embeds, message_reference: { message_id: '5' } } });
    const seen = await bot.message((message) => message.id === id);
    expect(seen).toMatchObject({
      content: 'raw one',
      embeds,
      message_reference: { message_id: '5' },
      author: { id: '936929561302675456', username: 'Midjourney Bot', bot: true },
      channel_id: user.account.channelId,
      attachments: [],
      components: [],
      flags: 0,
      type: 0,
    });
    const path = `/channels/${user.account.channelId}/messages/${id}`;
    expect(await user.get(path, user.asBot)).toMatchObject({ id, content: 'raw one', embeds });
  });

  it('serves attachments that have no url, and takes presses on buttons at any depth', async () => {
    const customId = 'MJ::JOB::upsample::1::9a5aa072-26f3-4902-a2e2-f76f2db12270';
    const accessory = { type: 2, style: 2, label: 'U1', custom_id: customId };
    const components = [{ type: 17, components: [{ type: 9, components: [], accessory }] }];
    const attachments = [{ filename: 'a_cat.webp', width: 40, height: 30 }];
    const id = await play({ d: { content: 'with a file', attachments, components } });
    const seen = await bot.message((message) => message.id === id);
    const bytes = await (await fetch(seen.attachments[0]?.url ?? '')).arrayBuffer();
    expect(await sharp(Buffer.from(bytes)).metadata()).toMatchObject({ format: 'webp', width: 40 });
    expect(seen.attachments[0]).toMatchObject({ filename: 'a_cat.webp', size: bytes.byteLength, height: 30 });

    await user.control('POST', '/replies', { match: { customId: 'upsample' } });
    const body = { type: 3, message_id: id, data: { component_type: 2, custom_id: customId } };
    expect((await user.interact(body)).answer.status).toBe(204);
  });

  it('edits and deletes messages, and sends any other event', async () => {
    const id = await play({ d: { content: 'first', embeds: [{ title: 'kept' }] } });
    await play({ t: 'MESSAGE_UPDATE', d: { id, content: 'second' } });
    const edited = await bot.updated((message) => message.id === id);
    expect(edited).toMatchObject({ content: 'second', embeds: [{ title: 'kept' }] });
    await play({ t: 'MESSAGE_DELETE', d: { id } });
    await bot.event('MESSAGE_DELETE', (data) => data.id === id);
    await play({ t: 'TYPING_START', d: { user_id: '7' } });
    await bot.event('TYPING_START', (data) => data.user_id === '7');
  });

  it('reaches one session alone when it is named', async () => {
    const other = await Listener.identified(simulator, user.account.userToken);
    const { session_id } = await other.event('READY');
    const id = await play({ session: session_id, d: { content: 'for one', flags: 64 } });
    await play({ d: { content: 'a file for one', flags: 64, attachments: [{ filename: 'a.png' }] } });
    const file = (await other.message(({ content }) => content === 'a file for one')).attachments[0];
    expect(file?.url).toContain('/ephemeral-attachments/');
    expect((await fetch(file?.url ?? '')).status).toBe(200);
    await play({ d: { content: 'for all' } });
    await Promise.all(
      [person, bot, other].map((each) => each.message(({ content }) => content === 'for all')),
    );
    const ids = (listener: Listener) => listener.messages('MESSAGE_CREATE').map((message) => message.id);
    expect(ids(other)).toContain(id);
    expect([...ids(person), ...ids(bot)]).not.toContain(id);
    await other.end();
  });

  it.each([
    [{}, /d is an object/],
    [{ d: {}, t: 'no event' }, /name of a gateway event/],
    [{ d: {}, account: '1' }, /no account of the user 1/],
  ])('says what is wrong with %j', async (body, reason) => {
    expect((await user.control('POST', '/messages', body)).error).toMatch(reason);
  });
});

describe('POST /replies', () => {
  it('answers the next interactions of a kind at REST, with any status and body', async () => {
    const captcha = { captcha_key: ['captcha-required'], captcha_sitekey: 'x', captcha_service: 'hcaptcha' };
    await user.control('POST', '/replies', { match: { command: 'imagine' }, status: 400, body: captcha });
    const refused = (await user.imagine('into the challenge')).answer;
    expect([refused.status, await refused.json()]).toEqual([400, captcha]);
    expect((await user.imagine('after the challenge')).answer.status).toBe(204);
    await bot.message(({ content }) => content.includes('after the challenge'));
    expect((await user.jobs()).filter(({ prompt }) => prompt?.includes('into the challenge'))).toEqual([]);
  });

  it('plays events in the bot’s stead, filled in from the interaction', async () => {
    const events = [
      { t: 'INTERACTION_SUCCESS', d: { id: '{interaction}', nonce: '{nonce}' } },
      { d: { id: '{new:first}', nonce: '{nonce}', content: '**{marker}as sent: {prompt}** <@{user}>' } },
      { d: { content: 'a refusal', message_reference: { message_id: '{new:first}' } }, afterMs: 5 },
    ];
    await user.control('POST', '/replies', { match: { command: 'imagine' }, events });
    const { nonce } = await user.imagine('<#1234567890#>say "hi"');
    await person.event('INTERACTION_SUCCESS', (data) => data.nonce === nonce);
    const first = await person.message((message) => message.nonce === nonce);
    expect(first.content).toBe(`**<#1234567890#>as sent: <#1234567890#>say "hi"** <@${user.account.userId}>`);
    const refusal = await bot.message(({ content }) => content === 'a refusal');
    expect(refusal.message_reference?.message_id).toBe(first.id);
    expect(await user.control('GET', '/replies')).toMatchObject({ replies: [{ struck: 1 }] });
  });

  it('says what is wrong with one', async () => {
    expect((await user.control('POST', '/replies', { status: 99 })).error).toMatch(/status must be/);
    expect((await user.control('POST', '/replies', { match: { customId: '(' } })).error).toMatch(/regular/);
  });
});
