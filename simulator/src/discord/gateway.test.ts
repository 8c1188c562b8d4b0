import { on, once } from 'node:events';
import { createInflate } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Simulator, startSimulator } from '../simulator.ts';
import { DiscordUser, Listener } from '../testing/discord-user.ts';

let simulator: Simulator;
let user: DiscordUser;
const listeners: Listener[] = [];

beforeEach(async () => {
  await start();
});

async function start(heartbeatIntervalMs?: number): Promise<void> {
  simulator = await startSimulator({ drawMs: 0, imageSize: 32, heartbeatIntervalMs });
  user = new DiscordUser(simulator);
}

afterEach(async () => {
  await Promise.all(listeners.splice(0).map((listener) => listener.end()));
  await simulator.close();
});

async function connect(): Promise<Listener> {
  const listener = new Listener(simulator.gatewayUrl);
  listeners.push(listener);
  await listener.frame(10);
  return listener;
}

async function identified(token = user.account.botToken, intents?: number): Promise<Listener> {
  const listener = await Listener.identified(simulator, token, intents);
  listeners.push(listener);
  return listener;
}

async function resumed(from: Listener, seq = from.lastSequence()): Promise<Listener> {
  const listener = await connect();
  const { session_id } = await from.event('READY');
  listener.send(6, { token: user.account.botToken, session_id, seq });
  return listener;
}

const say = (content: string) =>
  user.post(`/channels/${user.account.channelId}/messages`, { content, nonce: '42' });

describe('identifying', () => {
  it('brings READY with the session and then each guild with its channel', async () => {
    const listener = await identified();
    const ready = await listener.event('READY');
    expect(ready).toMatchObject({
      v: 10,
      user: { id: user.account.botUserId, bot: true },
      guilds: [{ id: user.account.guildId, unavailable: true }],
      resume_gateway_url: simulator.gatewayUrl,
      application: { id: user.account.botUserId },
    });
    expect(await listener.event('GUILD_CREATE')).toMatchObject({
      id: user.account.guildId,
      channels: [{ id: user.account.channelId }],
    });
  });

  it('brings a user the whole guild in READY, and no GUILD_CREATE', async () => {
    const listener = await identified(user.account.userToken);
    expect(await listener.event('READY')).toMatchObject({
      user: { id: user.account.userId, bot: false },
      guilds: [{ id: user.account.guildId, channels: [{ id: user.account.channelId }] }],
    });
    await say('after READY');
    await listener.message(() => true);
    expect(listener.types()).not.toContain('GUILD_CREATE');
  });

  it('can be compressed: one zlib stream, each frame ending with a flush', async () => {
    const socket = new WebSocket(`${simulator.gatewayUrl}?v=10&encoding=json&compress=zlib-stream`);
    const inflate = createInflate();
    socket.on('message', (data: Buffer) => {
      expect(data.subarray(-4)).toEqual(Buffer.from([0, 0, 0xff, 0xff]));
      inflate.write(data);
    });
    const frames = on(inflate, 'data');
    const frame = async () => JSON.parse(String((await frames.next()).value[0]));
    expect((await frame()).op).toBe(10);
    const identify = { token: user.account.botToken, intents: 33281, properties: {} };
    socket.send(JSON.stringify({ op: 2, d: identify }));
    expect((await frame()).t).toBe('READY');
    expect((await frame()).t).toBe('GUILD_CREATE');
    // It may be closed before its last frame has been inflated.
    const closed = once(socket, 'close');
    await user.control('POST', '/gateway/drop', { reconnect: true, closeCode: 4000, resumable: true });
    expect((await frame()).op).toBe(7);
    expect((await closed)[0]).toBe(4000);
  });

  it('is refused with a compression that is not spoken here', async () => {
    const socket = new WebSocket(`${simulator.gatewayUrl}?v=10&encoding=json&compress=zstd-stream`);
    expect((await once(socket, 'close'))[0]).toBe(4000);
  });

  it.each([
    ['an unknown token', { token: 'MTIzNDU2.a.b', intents: 0 }, 4004],
    ['no intents', { intents: undefined }, 4013],
    ['an impossible shard', { shard: [2, 1] }, 4010],
  ])('is refused with %s', async (_, change, code) => {
    const listener = await connect();
    listener.send(2, { token: user.account.botToken, intents: 513, properties: {}, ...change });
    expect(await listener.closed()).toBe(code);
  });

  it('is refused with 4014 when the bot may not read message contents', async () => {
    await user.control('POST', `/accounts/${user.account.userId}/settings`, { contentIntent: false });
    const listener = await connect();
    listener.send(2, { token: user.account.botToken, intents: 33281, properties: {} });
    expect(await listener.closed()).toBe(4014);
  });

  it.each([
    ['text that is no JSON', 'hello', 4002],
    ['an operation before identifying', JSON.stringify({ op: 3, d: {} }), 4003],
  ])('closes on %s', async (_, frame, code) => {
    const listener = await connect();
    listener.socket.send(frame);
    expect(await listener.closed()).toBe(code);
  });
});

describe('what a session sees', () => {
  it('a bot without the content intent gets messages without their content', async () => {
    const [blind, seeing] = [await identified(undefined, 513), await identified()];
    await say('hello there');
    expect((await seeing.message(() => true)).content).toBe('hello there');
    expect((await blind.message(() => true)).content).toBe('');
  });

  it('a bot without the messages intent gets none', async () => {
    const [deaf, hearing] = [await identified(undefined, 1), await identified()];
    await say('anyone?');
    await hearing.message(() => true);
    expect(deaf.types()).not.toContain('MESSAGE_CREATE');
  });

  it('only the sender sees the nonce of a message', async () => {
    const [bot, person] = [await identified(), await identified(user.account.userToken)];
    await say('numbered');
    expect(await person.message(() => true)).toMatchObject({ nonce: '42' });
    expect(await bot.message(() => true)).not.toHaveProperty('nonce');
  });
});

describe('what answers an interaction privately', () => {
  const privately = (listener: Listener) =>
    listener.events.filter(({ type, data }) => type?.startsWith('INTERACTION_') || data.flags === 64);

  it('goes only to the session that the interaction named', async () => {
    const [other, own] = [await identified(user.account.userToken), await user.listen()];
    listeners.push(own);
    await user.command('info');
    await own.event('INTERACTION_CREATE');
    await own.event('INTERACTION_SUCCESS');
    await own.message(({ flags }) => (flags & 64) !== 0);
    await say('to all');
    await other.message(({ content }) => content === 'to all');
    expect(privately(other)).toEqual([]);
  });

  it('goes nowhere when the named session is none of the user’s', async () => {
    const [own, bot] = [await user.listen(), await identified()];
    listeners.push(own);
    const { session_id } = await bot.event('READY');
    for (const sessionId of ['made-up', String(session_id)]) {
      user.sessionId = sessionId;
      await user.command('info');
    }
    await say('to all');
    await own.message(({ content }) => content === 'to all');
    expect([...privately(own), ...privately(bot)]).toEqual([]);
  });

  it('still finds the session after a resume', async () => {
    const first = await user.listen();
    await user.control('POST', '/gateway/drop', { resumable: true });
    await first.closed();
    const second = await connect();
    const { session_id } = await first.event('READY');
    second.send(6, { token: user.account.userToken, session_id, seq: first.lastSequence() });
    await second.event('RESUMED');
    await user.command('info');
    await second.event('INTERACTION_CREATE');
  });

  it('public messages show their nonce in all sessions of the sender, and in no other', async () => {
    const [one, two, bot] = [
      await user.listen(),
      await identified(user.account.userToken),
      await identified(),
    ];
    listeners.push(one);
    const { nonce } = await user.imagine('seen by all');
    for (const each of [one, two]) await each.message((message) => message.nonce === nonce);
    await bot.message(({ content }) => content.includes('seen by all'));
    expect(bot.messages('MESSAGE_CREATE').filter((message) => message.nonce === nonce)).toEqual([]);
  });
});

describe('members', () => {
  it('are sent when asked for', async () => {
    const listener = await identified();
    listener.send(8, { guild_id: user.account.guildId, query: '', limit: 0, nonce: 'n' });
    const chunk = await listener.event('GUILD_MEMBERS_CHUNK');
    expect(chunk).toMatchObject({ nonce: 'n', chunk_count: 1 });
    expect(JSON.stringify(chunk.members)).toContain('936929561302675456');
  });
});

describe('heartbeats', () => {
  it('are acknowledged, and a client that stops sending them is closed', async () => {
    await simulator.close();
    await start(200);
    const listener = await identified();
    listener.send(1, listener.lastSequence());
    await listener.frame(11);
    expect(await listener.closed()).toBe(4009);
  });
});

describe('resuming', () => {
  it('replays what was missed, in order, and then says RESUMED', async () => {
    const first = await identified();
    const seq = first.lastSequence();
    await user.control('POST', '/gateway/drop', { resumable: true });
    await first.closed();
    await say('one');
    await say('two');
    const second = await resumed(first, seq);
    await second.event('RESUMED');
    expect(second.messages('MESSAGE_CREATE').map(({ content }) => content)).toEqual(['one', 'two']);
    expect(second.types().at(-1)).toBe('RESUMED');
    await say('three');
    await second.message(({ content }) => content === 'three');
    expect(second.events.flatMap(({ sequence }) => sequence ?? [])).toEqual([
      seq + 1,
      seq + 2,
      seq + 3,
      seq + 4,
    ]);
  });

  it('is impossible after a drop that ended the session; what happened meanwhile is lost', async () => {
    const first = await identified();
    await user.control('POST', '/gateway/drop', { resumable: false, closeCode: 4000 });
    expect(await first.closed()).toBe(4000);
    await say('lost');
    const second = await resumed(first);
    expect((await second.frame(9)).data.value).toBe(false);
    second.send(2, { token: user.account.botToken, intents: 33281, properties: {} });
    await second.event('GUILD_CREATE');
    expect(second.messages('MESSAGE_CREATE')).toEqual([]);
  });

  it('is impossible from before what the client acknowledged', async () => {
    const first = await identified();
    first.send(1, first.lastSequence());
    await first.frame(11);
    const second = await resumed(first, 0);
    expect((await second.frame(9)).data.value).toBe(false);
  });

  it('is asked for with op 7', async () => {
    const first = await identified();
    await user.control('POST', '/gateway/drop', { resumable: true, reconnect: true, closeCode: 4000 });
    await first.frame(7);
    const second = await resumed(first);
    await second.event('RESUMED');
  });

  it('from the future is refused with 4007', async () => {
    const second = await resumed(await identified(), 999);
    expect(await second.closed()).toBe(4007);
  });

  it('has to wait while the gateway is kept down', async () => {
    const first = await identified();
    await user.control('POST', '/gateway/drop', { resumable: true, downMs: 60_000 });
    await first.closed();
    expect(await (await resumed(first)).closed()).toBe(4000);
  });
});

describe('a revoked token', () => {
  it('ends its sessions with 4004 and gets 401, until it is restored', async () => {
    const bot = await identified();
    const { userId } = user.account;
    await user.control('POST', `/accounts/${userId}/revoke`, { which: 'bot' });
    expect(await bot.closed()).toBe(4004);
    expect((await user.fetch('/users/@me', user.asBot)).status).toBe(401);
    await user.control('POST', `/accounts/${userId}/restore`);
    expect((await user.fetch('/users/@me', user.asBot)).status).toBe(200);
  });
});

describe('a second account', () => {
  it('can be added while running and is not seen by the first', async () => {
    const added = await user.control('POST', '/accounts', { concurrency: 5 });
    const other = new DiscordUser(simulator, { ...user.account, ...added });
    const [mine, theirs] = [await identified(), await identified(other.account.botToken)];
    await other.imagine('somewhere else');
    await theirs.message(({ content }) => content.includes('(fast)'));
    expect(mine.types()).not.toContain('MESSAGE_CREATE');
    const foreign = await other.fetch(`/channels/${user.account.channelId}/messages`);
    expect(await foreign.json()).toMatchObject({ code: 50001 });
  });
});
