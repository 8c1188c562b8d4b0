import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { type Simulator, startSimulator } from '@midjourney-api/simulator/simulator';
import { DiscordUser } from '@midjourney-api/simulator/testing/discord-user';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { eventually } from '../../../test/eventually.ts';
import { createWorkerMetrics } from '../metrics.ts';
import { jobOfMessage } from '../midjourney/evidence.ts';
import { matchMessage } from '../midjourney/match.ts';
import { readSignal } from '../midjourney/signal.ts';
import { createActiveTask, receive } from '../tasks/active-task.ts';
import type { ChannelEvent } from './channel-event.ts';
import type { DiscordAccount } from './discord-account.ts';
import type { DiscordMessage } from './message.ts';
import { createDiscordRest } from './rest/discord-rest.ts';
import { openSession, type Session } from './session.ts';

const log = createLogger('worker', 'silent');
const kinds = ['bot', 'user'] as const;
const sessions: Session[] = [];

/** A session, with what it emitted: its states in words, its events as they came. */
function listen(
  account: DiscordAccount,
  rest: Parameters<typeof openSession>[0] = createDiscordRest(
    simulator.apiUrl,
    account,
    createWorkerMetrics('test'),
    { onAccountRefused: () => {} },
  ),
) {
  const states: string[] = [];
  const events: ChannelEvent[] = [];
  const session = openSession(
    rest,
    account,
    {
      event: (event) => events.push(event),
      ready: ({ resumed, sessionId }) => {
        // Discord sends what only the user may see to the session that the user's interactions name.
        if (account.session === 'user') person.sessionId = sessionId;
        states.push(resumed ? 'resumed' : 'ready');
      },
      away: () => states.push('away'),
      refused: (reason) => states.push(`refused: ${reason}`),
    },
    log,
  );
  sessions.push(session);
  return {
    session,
    states,
    events,
    contents: () => events.flatMap((event) => (event.type === 'message' ? event.message.content : [])),
    untilStates: (...expected: string[]) => eventually(() => expect(states).toEqual(expected)),
    async event<T extends ChannelEvent['type']>(
      type: T,
      fits: (event: Extract<ChannelEvent, { type: T }>) => boolean = () => true,
    ) {
      const is = (event: ChannelEvent): event is Extract<ChannelEvent, { type: T }> => event.type === type;
      return eventually(() => {
        const found = events.filter(is).find(fits);
        if (!found) throw new Error(`no ${type} among ${JSON.stringify(events)}`);
        return found;
      });
    },
  };
}

let simulator: Simulator;
let person: DiscordUser;
let account: Omit<DiscordAccount, 'session'>;

beforeEach(async () => {
  simulator = await startSimulator({ drawMs: 60, imageSize: 64, lazyPictures: true });
  person = new DiscordUser(simulator);
  account = { ...person.account, name: 'test', speed: null, weight: 1, pacing: unpaced, proxy: null };
});
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
  await simulator.close();
});

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes on the heap and outside of it, such as those of zlib, without garbage: how much of that lies about depends on the load. */
function memoryInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The account listening as its user, who has no bot. */
const userAccount = (): DiscordAccount => ({ ...account, session: 'user', botToken: null });
const drop = (how: object) => person.control('POST', '/gateway/drop', how);

describe.each(kinds)("a %s's session", (session) => {
  it('emits what happens in the channel', async () => {
    const heard = listen({ ...account, session });
    await heard.untilStates('ready');
    await person.imagine('a cat');
    await heard.event('message', ({ message }) => readSignal(message).type === 'finished');
    const [first] = heard.events.filter((event) => event.type === 'message');
    expect(first?.message.content).toContain('(Waiting to start)');
    await heard.event('deleted', ({ messageId }) => messageId === first?.message.id);
  });

  it('resumes after its connection broke: each event comes once, in order', async () => {
    const heard = listen({ ...account, session });
    await heard.untilStates('ready');
    await drop({ resumable: true });
    await person.imagine('while it was away');
    await heard.untilStates('ready', 'away', 'resumed');
    await heard.event('message', ({ message }) => readSignal(message).type === 'finished');
    const contents = heard.contents();
    expect(contents[0]).toContain('(Waiting to start)');
    expect(contents.filter((content) => content === contents[0])).toHaveLength(1);
  });

  it('resumes when Discord asks it to reconnect', async () => {
    const heard = listen({ ...account, session });
    await heard.untilStates('ready');
    await drop({ resumable: true, reconnect: true });
    await heard.untilStates('ready', 'away', 'resumed');
  });

  it('begins again when Discord no longer knows it, and says that it missed something', async () => {
    const heard = listen({ ...account, session });
    await heard.untilStates('ready');
    await drop({ resumable: false, closeCode: 4000 });
    // Away twice: for the lost connection, and for the one on which it tried to resume.
    await heard.untilStates('ready', 'away', 'away', 'ready');
  }, 20_000);

  it('is refused when its token is revoked, and does not try again', async () => {
    const heard = listen({ ...account, session });
    await heard.untilStates('ready');
    await person.control('POST', `/accounts/${person.account.userId}/revoke`, { which: session });
    await heard.untilStates('ready', expect.stringMatching(/^refused: Discord does not accept the .*token/));
    const again = listen({ ...account, session });
    await again.untilStates(expect.stringMatching(/^refused: /));
  });

  it('leaves nothing behind when it is closed, be it while it connects', async () => {
    const heard = listen({ ...account, session });
    await heard.untilStates('ready');
    const early = listen({ ...account, session });
    await early.session.close();
    await heard.session.close();
    const connected = async () => {
      const { accounts } = await person.control('GET', '/stats');
      return (accounts as { sessions: unknown[] }[]).flatMap(({ sessions }) => sessions);
    };
    await eventually(async () => expect(await connected()).toEqual([]));
    expect(heard.states).toEqual(['ready']);
    expect(early.states).toEqual([]);
  });

  it('takes little memory: a hundred of them far less than 3 MB each, the simulator’s half included', async () => {
    const accounts = await Promise.all(
      Array.from({ length: 100 }, () => person.control('POST', '/accounts', {})),
    );
    const before = memoryInUse();
    const heard = accounts.map((added) =>
      listen({ ...account, ...(added as Partial<DiscordAccount>), session }),
    );
    await Promise.all(heard.map(({ untilStates }) => untilStates('ready')));
    expect((memoryInUse() - before) / 100).toBeLessThan(3_000_000);
  });

  it('waits until Discord can be reached', async () => {
    const gatewayUrl = vi
      .fn()
      .mockRejectedValueOnce(new Error('ECONNREFUSED'))
      .mockResolvedValue(simulator.gatewayUrl);
    await listen({ ...account, session }, { gatewayUrl, loggingIn: () => {} }).untilStates('ready');
  });
});

describe("a user's session", () => {
  it('names the interaction of a nonce, which distinguishes two jobs that read alike', async () => {
    const heard = listen(userAccount());
    await heard.untilStates('ready');
    const sent = [await person.imagine('the same cat'), await person.imagine('the same cat')];
    const activeTasks = sent.map(({ nonce }, i) =>
      createActiveTask(aTask({ id: `100000000000000${i}` as TaskId, nonce })),
    );
    const pictures = await eventually(() => {
      const finished = heard.events.flatMap((event) =>
        event.type === 'message' && readSignal(event.message).type === 'finished' ? event.message : [],
      );
      expect(finished).toHaveLength(2);
      return finished;
    });
    const jobs = await person.jobs();
    const drawnFor = (picture: DiscordMessage) => jobs.find(({ id }) => id === jobOfMessage(picture))?.nonce;
    for (const event of heard.events) {
      if (event.type === 'interaction') {
        const active = activeTasks.find(({ nonce }) => nonce === event.nonce);
        if (active) active.interactionId = event.interactionId;
      }
      if (event.type !== 'message') continue;
      const active = matchMessage(event.message, activeTasks);
      if (pictures.includes(event.message)) expect(active?.nonce).toBe(drawnFor(event.message));
      else if (active) receive(active, readSignal(event.message), event.message, jobOfMessage(event.message));
    }
    expect(new Set(pictures.map(drawnFor)).size).toBe(2);
  });

  it('sees the refusal that Midjourney shows its user alone, with the nonce of what was refused', async () => {
    const heard = listen(userAccount());
    const bot = listen({ ...account, session: 'bot' });
    await Promise.all([heard.untilStates('ready'), bot.untilStates('ready')]);
    await person.control('POST', `/accounts/${person.account.userId}/refuse`, {
      title: 'Credits exhausted',
    });
    const { nonce } = await person.imagine('a cat');
    const { message } = await heard.event('message', (event) => event.message.nonce === nonce);
    expect(readSignal(message)).toMatchObject({
      type: 'refused',
      code: 'account_unavailable',
      account: { cause: 'subscription' },
    });
    expect(bot.events).toEqual([]);
  });

  it('sees the human check, raised by an interaction or by none', async () => {
    const heard = listen(userAccount());
    await heard.untilStates('ready');
    await person.control('POST', `/accounts/${person.account.userId}/verify`);
    await heard.event('web page', ({ nonce }) => nonce === null);
    const { nonce } = await person.imagine('a cat');
    expect(await heard.event('web page', (event) => event.nonce === nonce)).toMatchObject({
      title: 'Action required to continue',
    });
  });

  it('sees the form that a button opens', async () => {
    const heard = listen(userAccount());
    await heard.untilStates('ready');
    await person.control('POST', `/accounts/${person.account.userId}/settings`, { remix: true });
    await person.imagine('a cat');
    const grid = await heard.event('message', ({ message }) => readSignal(message).type === 'finished');
    const [job] = await person.jobs();
    const { nonce } = await person.interact({
      type: 3,
      message_id: grid.message.id,
      message_flags: 0,
      data: { component_type: 2, custom_id: `MJ::JOB::variation::1::${job?.id}` },
    });
    const opened = await heard.event('modal', (event) => event.nonce === nonce);
    const interaction = await heard.event('interaction', (event) => event.nonce === nonce);
    expect(opened.modal).toEqual({
      interactionId: interaction.interactionId,
      customId: `MJ::RemixModal::${job?.id}::1::1`,
      title: 'Remix Prompt',
      fields: [{ customId: 'MJ::RemixModal::new_prompt', value: 'a cat --v 8.2' }],
    });
  });
});

/** A gateway that does what the test says, for what the simulator does not do by itself. */
async function scriptedGateway() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const connections: WebSocket[] = [];
  server.on('connection', (socket) => connections.push(socket));
  return {
    rest: {
      gatewayUrl: async () => `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
      loggingIn: () => {},
    },
    connections,
    connection: (n: number) =>
      eventually(() => {
        const socket = connections[n];
        if (!socket) throw new Error(`connection ${n} did not come`);
        return socket;
      }),
    async close() {
      for (const socket of connections) socket.terminate();
      server.close();
      await once(server, 'close');
    },
  };
}

const frame = (op: number, d: unknown, t: string | null = null, s: number | null = null) =>
  JSON.stringify({ op, d, t, s });
const hello = frame(10, { heartbeat_interval: 40_000 });

async function received(socket: WebSocket): Promise<{ op: number; d: Record<string, unknown> }> {
  const [data] = await once(socket, 'message');
  return JSON.parse(String(data));
}

describe('a session', () => {
  let gateway: Awaited<ReturnType<typeof scriptedGateway>>;
  beforeEach(async () => {
    gateway = await scriptedGateway();
  });
  afterEach(() => gateway.close());

  /** A shard would connect again after half a second. */
  async function expectNoOtherConnection() {
    await setTimeout(750);
    expect(gateway.connections).toHaveLength(1);
  }

  it.each([
    ['user', ['compress', 'properties', 'token']],
    ['bot', ['compress', 'intents', 'properties', 'shard', 'token']],
  ] as const)(
    'of a %s says what program it is, and asks for nothing that is not for it',
    async (session, fields) => {
      listen({ ...account, session }, gateway.rest);
      const socket = await gateway.connection(0);
      socket.send(hello);
      const { op, d } = await received(socket);
      expect(op).toBe(2);
      expect(Object.keys(d).sort()).toEqual(fields);
      expect(d.properties).toEqual({
        os: process.platform,
        browser: 'midjourney-api',
        device: 'midjourney-api',
      });
      expect(d.token).toBe(session === 'user' ? account.userToken : account.botToken);
    },
  );

  it('tries again on the same connection when Discord says that the session is still good', async () => {
    const heard = listen(userAccount(), gateway.rest);
    const socket = await gateway.connection(0);
    socket.send(hello);
    await received(socket);
    socket.send(frame(0, { session_id: randomUUID(), guilds: [{ id: account.guildId }] }, 'READY', 1));
    await heard.untilStates('ready');
    const resume = received(socket);
    socket.send(frame(9, true));
    expect((await resume).op).toBe(6);
    expect(gateway.connections).toHaveLength(1);
  });

  it('does not count as ready before its server is there, and again after an outage of the server', async () => {
    const heard = listen(userAccount(), gateway.rest);
    const socket = await gateway.connection(0);
    socket.send(hello);
    await received(socket);
    const guilds = [{ id: account.guildId, unavailable: true }];
    socket.send(frame(0, { session_id: randomUUID(), guilds }, 'READY', 1));
    socket.send(frame(0, { id: '1' }, 'GUILD_CREATE', 2));
    socket.send(frame(0, { id: account.channelId, nonce: '7' }, 'INTERACTION_CREATE', 3));
    await heard.event('interaction');
    expect(heard.states).toEqual([]);
    socket.send(frame(0, { id: account.guildId }, 'GUILD_CREATE', 4));
    await heard.untilStates('ready');
    socket.send(frame(0, { id: account.guildId }, 'GUILD_CREATE', 5));
    await heard.untilStates('ready', 'ready');
  });

  it.each([
    [4004, /token/],
    [4014, /Message Content intent/],
    [4010, /4010/],
    [4013, /4013/],
  ])('that Discord closes with %i is refused and does not connect again', async (code, reason) => {
    const heard = listen({ ...account, session: 'bot' }, gateway.rest);
    const socket = await gateway.connection(0);
    socket.send(hello);
    await received(socket);
    socket.close(code);
    await heard.untilStates(expect.stringMatching(reason));
    await expectNoOtherConnection();
  });

  it('closed before Discord has said hello ends its connection as soon as it is there', async () => {
    const heard = listen(userAccount(), gateway.rest);
    const socket = await gateway.connection(0);
    await heard.session.close();
    const closed = once(socket, 'close');
    socket.send(hello);
    await closed;
    await expectNoOtherConnection();
    expect(heard.states).toEqual([]);
  });

  it('closed while it waits for Discord to let it in does not come back', async () => {
    const heard = listen(userAccount(), gateway.rest);
    const socket = await gateway.connection(0);
    socket.send(hello);
    await received(socket);
    const closed = once(socket, 'close');
    await heard.session.close();
    await closed;
    await expectNoOtherConnection();
  });

  it('survives an event that it cannot read', async () => {
    const heard = listen(userAccount(), gateway.rest);
    const socket = await gateway.connection(0);
    socket.send(hello);
    await received(socket);
    socket.send(frame(0, { session_id: randomUUID(), guilds: [{ id: account.guildId }] }, 'READY', 1));
    socket.send(frame(0, null, 'MESSAGE_CREATE', 2));
    socket.send(frame(0, { title: 3 }, 'INTERACTION_IFRAME_MODAL_CREATE', 3));
    socket.send(frame(0, { nonce: '7' }, 'INTERACTION_FAILURE', 4));
    expect(await heard.event('interaction failed')).toEqual({ type: 'interaction failed', nonce: '7' });
    expect(heard.events).toHaveLength(1);
  });

  it('of a bot without a token is refused', async () => {
    const heard = listen({ ...account, session: 'bot', botToken: null }, gateway.rest);
    await heard.untilStates(expect.stringMatching(/no bot token/));
  });
});
