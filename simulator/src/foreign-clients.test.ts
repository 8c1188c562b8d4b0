import { Client, Events, GatewayIntentBits, type Message, type TextChannel } from 'discord.js';
import { Midjourney } from 'midjourney';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from './simulator.ts';
import { DiscordUser } from './testing/discord-user.ts';

/** Clients that others wrote for Discord and Midjourney, as they are published. */

let simulator: Simulator;
let user: DiscordUser;

beforeAll(async () => {
  // They register what they wait for once the request is answered, as the real bot lets them. And they press
  // buttons that V8 no longer has.
  simulator = await startSimulator({ drawMs: 120, imageSize: 64, botDelayMs: 100, defaultModel: '7' });
  user = new DiscordUser(simulator);
});
afterAll(() => simulator.close());

describe('midjourney of the npm registry', () => {
  let client: Midjourney;

  beforeAll(async () => {
    client = new Midjourney({
      ServerId: user.account.guildId,
      ChannelId: user.account.channelId,
      SalaiToken: user.account.userToken,
      DiscordBaseUrl: simulator.apiUrl.replace(/\/api$/, ''),
      WsBaseUrl: `${simulator.gatewayUrl}?encoding=json&v=9`,
      ApiInterval: 0,
      Ws: true,
    });
    await client.Connect();
    // The client names a session id that is fixed. What only its session may see comes with its own.
    const { accounts } = await user.control('GET', '/stats');
    const [{ sessions }] = accounts as [{ sessions: { id: string }[] }];
    client.config.SessionId = sessions[0]?.id ?? '';
  });
  afterAll(() => client.Close());

  /** What its functions take of a picture that they gave. */
  async function drawn(result: Promise<Awaited<ReturnType<Midjourney['Imagine']>>>) {
    const message = await result;
    if (!message?.id || !message.hash) throw new Error('no picture came');
    const { id: msgId, hash, content, options = [], uri } = message;
    expect(message.progress).toBe('done');
    return { msgId, hash, content, flags: Number(message.flags), options, uri };
  }

  it('Settings and Info read the answers that only the user sees', async () => {
    const settings = await client.Settings();
    expect(settings?.options.map(({ label }) => label)).toContain('Remix mode');
    expect(await client.Info()).toMatchObject({ jobMode: 'Fast', visibilityMode: 'Public' });
  });

  it('Fast, Relax and SwitchRemix change what the account is set to', async () => {
    await client.Relax();
    await expect.poll(async () => (await client.Info())?.jobMode).toBe('Relaxed');
    await client.Fast();
    await expect.poll(async () => (await client.Info())?.jobMode).toBe('Fast');
    expect(await client.SwitchRemix()).toContain('Remix mode turned on');
    expect(await client.SwitchRemix()).toContain('Remix mode turned off');
  });

  it('Imagine, and everything under its pictures', async () => {
    const progress: string[] = [];
    const grid = await drawn(client.Imagine('a red lantern in snow', (_, percent) => progress.push(percent)));
    expect(progress).not.toEqual([]);
    expect((await drawn(client.Variation({ ...grid, index: 2 }))).content).toContain('Variations');
    expect((await drawn(client.Reroll(grid))).hash).not.toBe(grid.hash);
    const picture = await drawn(client.Upscale({ ...grid, index: 3 }));
    expect(picture.content).toContain('Image #3');
    for (const [level, text] of [
      ['2x', 'Zoom Out'],
      ['1.5x', 'Zoom Out'],
      ['high', 'Variations (Strong)'],
      ['low', 'Variations (Subtle)'],
    ] as const) {
      expect((await drawn(client.ZoomOut({ ...picture, level }))).content).toContain(text);
    }
    for (const [button, text] of [
      [/upsample_\w+_subtle/, 'Upscaled (Subtle)'],
      [/pan_left/, 'Pan Left'],
    ] as const) {
      const customId = picture.options.find(({ custom }) => button.test(custom))?.custom ?? '';
      expect((await drawn(client.Custom({ ...picture, customId }))).content).toContain(text);
    }
    const description = await client.Describe(grid.uri);
    expect(description?.descriptions).toHaveLength(4);
  });

  it('fills in the forms of custom zoom and of remix', async () => {
    const grid = await drawn(client.Imagine('a lantern by the sea'));
    const picture = await drawn(client.Upscale({ ...grid, index: 1 }));
    const customId = picture.options.find(({ custom }) => custom.includes('CustomZoom'))?.custom ?? '';
    const zoomed = await drawn(client.Custom({ ...picture, customId, content: 'by the sea --zoom 1.8' }));
    expect(zoomed.content).toContain('Zoom Out');
    await client.SwitchRemix();
    client.config.Remix = true;
    const remixed = await drawn(client.Variation({ ...grid, index: 2, content: 'a blue lantern' }));
    expect(remixed.content).toContain('**a blue lantern');
    client.config.Remix = false;
    await client.SwitchRemix();
  });

  it('Shorten, and what is refused', async () => {
    const shorter = await client.Shorten('a very red lantern hanging in the cold white snow');
    expect(shorter?.prompts.length).toBeGreaterThan(0);
    // It reads refusals that are the interaction's answer, not those that reply to its first message.
    await expect(client.Imagine('a lantern --ar wide')).rejects.toThrow('Invalid value');
  });
});

describe('discord.js, as a bot', () => {
  let client: Client<true>;
  let channel: TextChannel;

  beforeAll(async () => {
    const intents = [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMembers,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.GuildMessageReactions,
      GatewayIntentBits.MessageContent,
    ];
    const started = new Client({ intents, rest: { api: simulator.apiUrl } });
    const ready = new Promise<Client<true>>((resolve) => started.once(Events.ClientReady, resolve));
    await started.login(user.account.botToken);
    client = await ready;
    const found = await client.channels.fetch(user.account.channelId);
    if (!found?.isTextBased() || found.isDMBased() || !('guild' in found)) throw new Error('no text channel');
    channel = found as TextChannel;
  });
  afterAll(() => client.destroy());

  it('knows its application, its guild and the members', async () => {
    const application = await client.application.fetch();
    expect(application.id).toBe(user.account.botUserId);
    expect(application.owner?.id).toBe(user.account.userId);
    const guild = await client.guilds.fetch(user.account.guildId);
    expect([...(await guild.channels.fetch()).keys()]).toEqual([user.account.channelId]);
    const members = await guild.members.fetch();
    expect([...members.keys()]).toEqual(expect.arrayContaining([user.account.userId, '936929561302675456']));
    expect((await guild.members.fetch({ user: user.account.userId, force: true })).id).toBe(
      user.account.userId,
    );
  });

  it('hears messages being created, changed and deleted, and finds them in the history', async () => {
    const heard: string[] = [];
    const finished = new Promise<Message>((resolve) => {
      client.on(Events.MessageCreate, (message) => {
        heard.push('create');
        if (message.content.includes('(fast)')) resolve(message);
      });
    });
    client.on(Events.MessageUpdate, () => heard.push('update'));
    client.on(Events.MessageDelete, () => heard.push('delete'));
    await user.imagine('heard by a library');
    const message = await finished;
    await expect.poll(() => heard).toEqual(['create', 'update', 'update', 'create', 'delete']);
    expect(message.attachments.first()?.url).toContain('/attachments/');
    expect((await channel.messages.fetch({ message: message.id, force: true })).content).toBe(
      message.content,
    );
    expect((await channel.messages.fetch({ limit: 2 })).first()?.id).toBe(message.id);
  });

  it('sends, edits, reacts, answers, searches and deletes its own', async () => {
    const sent = await channel.send({ content: 'what a bot says', nonce: 'of its own', enforceNonce: true });
    const reacted = new Promise((resolve) => client.once(Events.MessageReactionAdd, resolve));
    await sent.react('✉️');
    await reacted;
    const again = await channel.messages.fetch({ message: sent.id, force: true });
    expect(again.reactions.cache.get('✉️')).toMatchObject({ count: 1, me: true });
    expect((await sent.reply('to itself')).reference?.messageId).toBe(sent.id);
    expect((await sent.edit('what a bot meant')).content).toBe('what a bot meant');
    const found = await client.rest.get(`/guilds/${user.account.guildId}/messages/search`, {
      query: new URLSearchParams({ content: 'bot meant' }),
    });
    expect(found).toMatchObject({ total_results: 1, messages: [[{ id: sent.id, hit: true }]] });
    await sent.delete();
    await expect(channel.messages.fetch({ message: sent.id, force: true })).rejects.toThrow(
      'Unknown Message',
    );
  });
});
