import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../simulator.ts';
import { DiscordUser, Listener } from '../testing/discord-user.ts';

let simulator: Simulator;
let user: DiscordUser;

beforeAll(async () => {
  simulator = await startSimulator({ drawMs: 0, imageSize: 32, linkLifetimeMs: 3_000 });
  user = new DiscordUser(simulator);
});

afterAll(() => simulator.close());

const prompt = [{ type: 3, name: 'prompt', value: 'x' }];

describe('authorization', () => {
  it.each([undefined, 'nonsense', 'Bot nonsense'])('refuses %s with 401', async (authorization = '') => {
    const answer = await user.fetch('/users/@me', authorization);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({ message: '401: Unauthorized', code: 0 });
  });

  it('knows users by the bare token and bots by `Bot`', async () => {
    expect(await user.get('/users/@me')).toMatchObject({ id: user.account.userId, bot: false });
    expect(await user.get('/users/@me', user.asBot)).toMatchObject({ id: user.account.botUserId, bot: true });
    expect((await user.fetch('/users/@me', `Bot ${user.account.userToken}`)).status).toBe(401);
  });
});

describe('lookups', () => {
  it('works on v9 and v10 alike', async () => {
    const headers = { authorization: user.asBot };
    for (const version of ['v9', 'v10']) {
      const answer = await fetch(`${simulator.apiUrl}/${version}/gateway/bot`, { headers });
      expect(await answer.json()).toMatchObject({ url: simulator.gatewayUrl, shards: 1 });
    }
  });

  it.each([
    ['/guilds/123456789', 10004],
    ['/channels/123456789', 10003],
    ['/nowhere', 0],
  ])('%s is unknown', async (path, code) => {
    const answer = await user.fetch(path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code });
  });

  it('sends its rate limit with every answer', async () => {
    const { headers } = await user.fetch(`/channels/${user.account.channelId}`);
    expect(Number(headers.get('x-ratelimit-remaining'))).toBeLessThan(
      Number(headers.get('x-ratelimit-limit')),
    );
    expect(headers.get('x-ratelimit-bucket')).toMatch(/^[0-9a-f]{32}$/);
    expect(Number(headers.get('x-ratelimit-reset-after'))).toBeGreaterThan(0);
  });

  it('answers 429 when the limit is passed', async () => {
    const path = `/guilds/${user.account.guildId}`;
    const began = Date.now();
    const answers = await Promise.all(Array.from({ length: 500 }, () => user.fetch(path)));
    const refused = answers.find(({ status }) => status === 429);
    expect(await refused?.json()).toMatchObject({ message: 'You are being rate limited.', global: false });
    const seconds = Math.ceil((Date.now() - began) / 1_000);
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(100 * (seconds + 1));
  });
});

describe('POST /interactions', () => {
  it.each<[string, object, number, number]>([
    ['an unknown application', { application_id: '111111111' }, 404, 10002],
    ['an unknown channel', { channel_id: '111111111' }, 404, 10003],
    ['a long nonce', { nonce: '1'.repeat(26) }, 400, 50035],
    ['no session', { session_id: undefined }, 400, 50035],
    ['an unknown type', { type: 9 }, 400, 50035],
    ['an unknown command', { data: { id: '1' } }, 404, 10063],
    ['an outdated version', { data: { version: '1' } }, 400, 50035],
    ['a missing option', { data: { options: [] } }, 400, 50035],
    [
      'a file that was not uploaded',
      { data: { attachments: [{ id: '0', uploaded_filename: 'a/b' }] } },
      400,
      50146,
    ],
  ])('refuses %s', async (_, change, status, code) => {
    const { answer } = await user.command('imagine', prompt, {
      application_id: '936929561302675456',
      ...change,
    });
    const body = (await answer.json()) as { code: number };
    expect([answer.status, body.code]).toEqual([status, code]);
  });

  it('refuses the version of before a redeploy, naming the field', async () => {
    const index = await user.get(`/guilds/${user.account.guildId}/application-command-index`);
    const [command] = index.application_commands as { id: string; version: string }[];
    await user.control('POST', '/commands/redeploy');
    const { answer } = await user.command('imagine', prompt, { data: { version: command?.version } });
    expect(await answer.json()).toMatchObject({
      code: 50035,
      errors: {
        data: { version: { _errors: [{ code: 'INTERACTION_APPLICATION_COMMAND_INVALID_VERSION' }] } },
      },
    });
    expect((await user.command('imagine', prompt)).answer.status).toBe(204);
  });

  it('refuses bots, unknown messages and buttons that are not there', async () => {
    expect(await (await user.post('/interactions', {}, user.asBot)).json()).toMatchObject({ code: 20001 });
    const button = (messageId: string) =>
      user.interact({ type: 3, message_id: messageId, data: { component_type: 2, custom_id: 'MJ::Nope' } });
    expect(await (await button('123')).answer.json()).toMatchObject({ code: 10008 });
    const said = await user.post(`/channels/${user.account.channelId}/messages`, {
      content: 'no buttons here',
    });
    const { id } = (await said.json()) as { id: string };
    expect(await (await button(id)).answer.json()).toMatchObject({ code: 50035 });
  });
});

describe('messages', () => {
  const ids = (list: unknown) => (list as { id: string }[]).map(({ id }) => id);

  it('are paged newest first, before, after and around', async () => {
    // In a channel of its own, where nothing else is posted meanwhile.
    const added = await user.control('POST', '/accounts');
    const reader = new DiscordUser(simulator, { ...user.account, ...added });
    const path = `/channels/${reader.account.channelId}/messages`;
    const posted: string[] = [];
    for (const content of ['a', 'b', 'c', 'd', 'e']) {
      posted.push(((await (await reader.post(path, { content })).json()) as { id: string }).id);
    }
    const [a, b, c, d, e] = posted;
    expect(ids(await reader.get(`${path}?limit=2`))).toEqual([e, d]);
    expect(ids(await reader.get(`${path}?limit=2&before=${d}`))).toEqual([c, b]);
    expect(ids(await reader.get(`${path}?limit=2&after=${a}`))).toEqual([c, b]);
    expect(ids(await reader.get(`${path}?limit=3&around=${c}`))).toEqual([d, c, b]);
    expect((await reader.fetch(`${path}?limit=101`)).status).toBe(400);
  });

  it('one at a time are for bots only', async () => {
    const path = `/channels/${user.account.channelId}/messages`;
    const { id } = (await (await user.post(path, { content: 'just me' })).json()) as { id: string };
    expect(await user.get(`${path}/${id}`)).toMatchObject({ code: 20002 });
    expect(await user.get(`${path}/${id}`, user.asBot)).toMatchObject({ id, content: 'just me' });
    expect(await user.get(`${path}/1`, user.asBot)).toMatchObject({ code: 10008 });
  });

  it('carry uploaded files, and repeat their nonce', async () => {
    const uploadedFilename = await user.upload('notes.txt', Buffer.from('hello'));
    const answer = await user.post(`/channels/${user.account.channelId}/messages`, {
      content: '',
      nonce: '7',
      channel_id: user.account.channelId,
      type: 0,
      sticker_ids: [],
      attachments: [{ id: '0', filename: 'notes.txt', uploaded_filename: uploadedFilename }],
    });
    const message = (await answer.json()) as {
      nonce: string;
      attachments: { url: string; proxy_url: string; size: number }[];
    };
    expect(message.nonce).toBe('7');
    expect(message.attachments[0]?.size).toBe(5);
    expect(await (await fetch(message.attachments[0]?.url ?? '')).text()).toBe('hello');
    expect(await (await fetch(message.attachments[0]?.proxy_url ?? '')).text()).toBe('hello');
  });

  it('may not be empty', async () => {
    const answer = await user.post(`/channels/${user.account.channelId}/messages`, { content: ' ' });
    expect(await answer.json()).toMatchObject({ code: 50006 });
  });
});

describe('attachment links', () => {
  it('expire, cannot be forged, and can be renewed', async () => {
    const listener = await Listener.identified(simulator, user.account.botToken);
    await user.imagine('fleeting');
    const { attachments } = await listener.message(
      ({ content }) => content.includes('fleeting') && content.includes('(fast)'),
    );
    await listener.end();
    const url = attachments[0]?.url ?? '';
    const forged = url.replace(/ex=\w+/, 'ex=ffffffff');
    expect((await fetch(forged)).status).toBe(404);

    const expires = Number.parseInt(new URL(url).searchParams.get('ex') ?? '', 16) * 1000;
    await pause(Math.max(0, expires - Date.now()) + 5);
    const expired = await fetch(url);
    expect(expired.status).toBe(404);
    expect(await expired.text()).toBe('This content is no longer available.');

    const answer = await user.post('/attachments/refresh-urls', { attachment_urls: [url] });
    const { refreshed_urls } = (await answer.json()) as {
      refreshed_urls: { original: string; refreshed: string }[];
    };
    expect(refreshed_urls[0]?.original).toBe(url);
    expect((await fetch(refreshed_urls[0]?.refreshed ?? '')).status).toBe(200);
  });
});

describe('what foreign clients ask for', () => {
  const messagesPath = () => `/channels/${user.account.channelId}/messages`;
  const say = async (content: string, authorization?: string) =>
    String(
      ((await (await user.post(messagesPath(), { content }, authorization)).json()) as { id: string }).id,
    );
  const call = (method: string, path: string, authorization = user.account.userToken) =>
    fetch(`${simulator.apiUrl}/v9${path}`, { method, headers: { authorization } });

  it.each(['/applications/@me', '/oauth2/applications/@me'])(
    '%s is the application of a bot',
    async (path) => {
      expect(await user.get(path, user.asBot)).toMatchObject({
        id: user.account.botUserId,
        bot: { id: user.account.botUserId },
        owner: { id: user.account.userId },
      });
      expect((await user.fetch(path)).status).toBe(401);
    },
  );

  it('members, users and channels can be looked up', async () => {
    const { guildId, userId, channelId } = user.account;
    expect(await user.get(`/guilds/${guildId}/members/${userId}`)).toMatchObject({ user: { id: userId } });
    expect(await user.get(`/guilds/${guildId}/members/1`)).toMatchObject({ code: 10007 });
    expect(await user.get('/users/936929561302675456')).toMatchObject({ username: 'Midjourney Bot' });
    expect(await user.get(`/guilds/${guildId}/channels`)).toMatchObject([{ id: channelId }]);
  });

  it('a reaction is added, seen and removed, and bots hear of it with its intent', async () => {
    const id = await say('react to me');
    const listener = await Listener.identified(simulator, user.account.botToken, 33281 | (1 << 10));
    const deaf = await Listener.identified(simulator, user.account.botToken);
    const reaction = `${messagesPath()}/${id}/reactions/%E2%9C%89%EF%B8%8F/%40me?location=Message&type=0`;
    expect((await call('PUT', reaction)).status).toBe(204);
    expect(await listener.event('MESSAGE_REACTION_ADD')).toMatchObject({
      message_id: id,
      user_id: user.account.userId,
      emoji: { id: null, name: '✉️' },
    });
    const reactions = [{ emoji: { name: '✉️' }, count: 1, me: false }];
    expect(await user.get(`${messagesPath()}/${id}`, user.asBot)).toMatchObject({ reactions });
    expect((await call('DELETE', reaction)).status).toBe(204);
    await listener.event('MESSAGE_REACTION_REMOVE', (data) => data.message_id === id);
    expect(deaf.types()).not.toContain('MESSAGE_REACTION_ADD');
    expect((await call('PUT', `${messagesPath()}/${id}/reactions/nonsense/@me`)).status).toBe(400);
    await Promise.all([listener.end(), deaf.end()]);
  });

  it('one’s own messages can be edited and deleted, others’ not', async () => {
    const mine = await say('mine');
    const theirs = await say('theirs', user.asBot);
    expect((await call('DELETE', `${messagesPath()}/${theirs}`)).status).toBe(403);
    expect((await call('DELETE', `${messagesPath()}/${mine}`)).status).toBe(204);
    expect((await call('DELETE', `${messagesPath()}/${mine}`)).status).toBe(404);
  });

  it('direct messages are between two, and keep their channel', async () => {
    const [person, bot] = [await user.listen(), await Listener.identified(simulator, user.account.botToken)];
    const open = async () =>
      (await (await user.post('/users/@me/channels', { recipients: ['936929561302675456'] })).json()) as {
        id: string;
      };
    const channel = await open();
    expect(channel).toMatchObject({ type: 1, recipients: [{ id: '936929561302675456' }] });
    expect((await open()).id).toBe(channel.id);
    await user.post(`/channels/${channel.id}/messages`, { content: 'between us', nonce: 'n' });
    const seen = await person.message(({ content }) => content === 'between us');
    expect(seen).toMatchObject({ nonce: 'n', channel_id: channel.id });
    expect(seen).not.toHaveProperty('guild_id');
    await say('to all');
    await bot.message(({ content }) => content === 'to all');
    expect(bot.messages('MESSAGE_CREATE').map(({ content }) => content)).not.toContain('between us');
    expect((await user.fetch(`/channels/${channel.id}/messages`, user.asBot)).status).toBe(404);
    await Promise.all([person.end(), bot.end()]);
  });

  it('a guild’s messages are searched by words, authors and ids', async () => {
    const older = await say('find the red fox');
    const newer = await say('the FOX is red, find it', user.asBot);
    const path = `/guilds/${user.account.guildId}/messages/search?content=fox%20find`;
    const found = async (more: string) => {
      const { messages } = await user.get(path + more, user.asBot);
      return (messages as { id: string }[][]).map(([message]) => message?.id);
    };
    expect(await found('')).toEqual([newer, older]);
    expect(await found(`&author_id=${user.account.userId}`)).toEqual([older]);
    expect(await found(`&min_id=${older}`)).toEqual([newer]);
    expect(await found('&limit=1&sort_order=asc')).toEqual([older]);
    expect((await user.fetch(`${path}&limit=26`, user.asBot)).status).toBe(400);
  });

  it('nonces are any text of up to 25 characters', async () => {
    const nonce = 'as you like it'.padEnd(25, '!');
    const answer = await user.post(messagesPath(), { content: 'numbered', nonce });
    expect(await answer.json()).toMatchObject({ nonce });
    expect((await user.post(messagesPath(), { content: 'x', nonce: `${nonce}!` })).status).toBe(400);
  });
});

describe('slow mode', () => {
  it('shows answers to a user who hurries to that user alone, and refuses their messages', async () => {
    const added = await user.control('POST', '/accounts');
    const slow = new DiscordUser(simulator, { ...user.account, ...added });
    await slow.control('POST', `/accounts/${slow.account.userId}/settings`, { slowModeSeconds: 60 });
    const path = `/channels/${slow.account.channelId}`;
    expect(await slow.get(path)).toMatchObject({ rate_limit_per_user: 60 });
    const [person, bot] = [await slow.listen(), await Listener.identified(simulator, slow.account.botToken)];
    await slow.imagine('first one');
    const first = await bot.message(({ content }) => content.includes('first one'));
    expect(first.flags & 64).toBe(0);
    await slow.imagine('second one');
    const second = await person.message(({ content }) => content.includes('second one'));
    expect(second).toMatchObject({ flags: 64, ephemerality_reason: 4 });
    const refused = await slow.post(`${path}/messages`, { content: 'and a word' });
    expect(refused.status).toBe(429);
    expect(await refused.json()).toMatchObject({ code: 20016 });
    await Promise.all([person.end(), bot.end()]);
  });
});

describe('when the bot acts', () => {
  it('is after the answer by a delay, or before it as a fault', async () => {
    const slow = await startSimulator({ drawMs: 0, imageSize: 32, botDelayMs: 200 });
    const person = new DiscordUser(slow);
    const listener = await Listener.identified(slow, person.account.botToken);
    await person.imagine('later');
    expect(listener.types()).not.toContain('MESSAGE_CREATE');
    await listener.message(({ content }) => content.includes('later'));
    await person.control('POST', '/faults', {
      kind: 'bot_first',
      delayMs: 300,
      match: { path: '/interactions' },
    });
    let answered = false;
    const imagine = person.imagine('sooner').then(() => {
      answered = true;
    });
    await listener.message(({ content }) => content.includes('sooner'));
    expect(answered).toBe(false);
    await imagine;
    await listener.end();
    await slow.close();
  });
});
