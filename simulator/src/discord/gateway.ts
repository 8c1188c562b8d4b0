import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Accounts, Principal } from '../accounts.ts';
import type { Faults } from '../faults.ts';
import { isRecord } from './form.ts';
import { GatewaySocket } from './gateway-socket.ts';
import { guildCreateData, membersOf } from './guilds.ts';
import type { Interactions } from './interactions.ts';
import { type Dispatch, Session } from './session.ts';
import type { SlowMode } from './slow-mode.ts';

const opcodes = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  voice: 4,
  resume: 6,
  reconnect: 7,
  requestMembers: 8,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;

const intentBits = {
  guilds: 1 << 0,
  guildMessages: 1 << 9,
  guildReactions: 1 << 10,
  directMessages: 1 << 12,
  directReactions: 1 << 13,
  messageContent: 1 << 15,
} as const;

/** How many requests a minute a connection may send before it is closed (4008). */
const commandsPerMinute = 120;
const resumeWindowMs = 5 * 60_000;
const maxDetachedSessions = 5;
const reorderPatienceMs = 1_000;

/** Something that happened in a guild, for everybody there or for one user alone. */
export interface GuildEvent {
  type: string;
  /** None in direct messages. */
  guildId?: string;
  /** The ids of the two users of direct messages. */
  between?: readonly string[];
  data: Record<string, unknown>;
  /** What bots without the Message Content intent get instead. */
  dataWithoutContent?: () => Record<string, unknown>;
  /** Only this user sees it: in the session that the answered interaction named. */
  onlyFor?: string;
  /** The interaction that a private event answers. */
  interactionId?: string;
  /** Only this session sees it. */
  onlySession?: string;
  /** Seen by the sessions of the user who sent it, on their copy alone. */
  nonce?: { userId: string; nonce: string };
  /** What fault rules are matched against. */
  about: { accountUserId?: string; prompt?: string; content?: string; jobKind?: string };
}

export interface GatewayOptions {
  accounts: Accounts;
  faults: Faults;
  heartbeatIntervalMs: number;
  /** The address in READY to resume at. */
  url: () => string;
  lastMessageId: (channelId: string) => string | undefined;
  interactions: Interactions;
  slowMode: SlowMode;
  now?: () => number;
}

interface Connection {
  socket: GatewaySocket;
  session?: Session;
  lastHeardAt: number;
  commands: number;
  commandsSince: number;
}

export interface DropOptions {
  /** The user id of one account; all when left out. */
  accountUserId?: string;
  resumable: boolean;
  /** Without one the connection is just cut. */
  closeCode?: number;
  /** Ask to reconnect (op 7) first. */
  reconnect?: boolean;
  /** For so long, sessions are refused. */
  downMs?: number;
}

/** Discord's gateway: sessions of bots and users over WebSocket, version 10, JSON, plain or compressed. */
export class Gateway {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: 16 * 1024 });
  readonly #connections = new Set<Connection>();
  readonly #sessions = new Map<string, Session>();
  readonly #sessionsOfGuild = new Map<string, Set<Session>>();
  readonly #downUntil = new Map<string, number>();
  readonly #options: GatewayOptions;
  readonly #now: () => number;
  readonly #sweep: NodeJS.Timeout;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#sweep = setInterval(() => this.#closeSilent(), options.heartbeatIntervalMs / 4).unref();
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket, request));
  }

  /** Sends an event to every session that may see it. */
  publish(event: GuildEvent): void {
    const recipients = this.#recipientsOf(event);
    if (recipients.length === 0) return;
    const fault = this.#options.faults.strikeEvent({
      event: event.type,
      prompt: event.about.prompt,
      content: event.about.content,
      jobKind: event.about.jobKind,
      sessions: recipients.map(({ principal }) => principal.kind),
      accounts: event.about.accountUserId === undefined ? [] : [event.about.accountUserId],
    });
    const variants = new EventVariants(event);
    for (const session of recipients) {
      const dispatch = variants.for(session);
      const struck = fault?.match.session === undefined || fault.match.session === session.principal.kind;
      if (!fault || !struck) session.send(dispatch);
      else if (fault.kind === 'delay') setTimeout(() => session.send(dispatch), fault.ms).unref();
      else if (fault.kind === 'reorder') session.sendAfterNext(dispatch, reorderPatienceMs);
      else if (fault.kind === 'duplicate') {
        session.send(dispatch);
        session.send(dispatch);
      }
    }
  }

  drop({ accountUserId, resumable, closeCode, reconnect, downMs }: DropOptions): number {
    const dropped = [...this.#sessions.values()].filter(
      (session) =>
        session.connected && (accountUserId === undefined || this.#speaksFor(session, accountUserId)),
    );
    if (downMs !== undefined) this.#downUntil.set(accountUserId ?? '', this.#now() + downMs);
    for (const session of dropped) {
      if (reconnect) session.write(JSON.stringify({ t: null, s: null, op: opcodes.reconnect, d: null }));
      if (!resumable) this.#forget(session);
      session.disconnect(closeCode, 'Dropped.');
    }
    return dropped.length;
  }

  /** Ends all sessions of a revoked token (4004). */
  closeSessionsOf(principal: Principal): void {
    for (const session of this.#sessions.values()) {
      if (session.principal !== principal) continue;
      this.#forget(session);
      session.disconnect(4004, 'Authentication failed.');
    }
  }

  /** The connected sessions that speak for an account. */
  connectedSessions(accountUserId: string): { id: string; kind: 'bot' | 'user'; lastSequence: number }[] {
    return [...this.#sessions.values()]
      .filter((session) => session.connected && this.#speaksFor(session, accountUserId))
      .map(({ id, principal, lastSequence }) => ({ id, kind: principal.kind, lastSequence }));
  }

  /** Brings a guild to sessions that were open before the account joined it. */
  announceGuild(guildId: string): void {
    for (const session of this.#sessions.values()) {
      if (!session.principal.guildIds.has(guildId)) continue;
      if (this.#sessionsOfGuild.get(guildId)?.has(session)) continue;
      this.#sendGuild(session, guildId);
    }
  }

  close(): void {
    clearInterval(this.#sweep);
    for (const { socket } of this.#connections) socket.terminate();
    this.#server.close();
  }

  #accept(webSocket: WebSocket, request: IncomingMessage): void {
    const now = this.#now();
    const query = new URL(request.url ?? '/', 'http://gateway').searchParams;
    const compress = query.get('compress');
    const socket = new GatewaySocket(webSocket, compress === 'zlib-stream');
    const connection: Connection = { socket, lastHeardAt: now, commands: 0, commandsSince: now };
    this.#connections.add(connection);
    webSocket.on('error', () => webSocket.terminate());
    webSocket.on('close', () => {
      this.#connections.delete(connection);
      connection.session?.detach(socket, this.#now());
    });
    const version = query.get('v') ?? '10';
    if (version !== '9' && version !== '10') {
      socket.close(4012, 'Invalid API version.');
      return;
    }
    if ((query.get('encoding') ?? 'json') !== 'json' || (compress ?? 'zlib-stream') !== 'zlib-stream') {
      socket.close(4000, 'This gateway speaks JSON, plain or compressed as zlib-stream.');
      return;
    }
    webSocket.on('message', (data) => this.#receive(connection, data));
    sendControl(socket, opcodes.hello, {
      heartbeat_interval: this.#options.heartbeatIntervalMs,
      _trace: ['["gateway-simulated"]'],
    });
  }

  #receive(connection: Connection, data: RawData): void {
    const { socket } = connection;
    if (this.#sendsTooMuch(connection)) {
      socket.close(4008, 'You are being rate limited.');
      return;
    }
    const payload = parsePayload(data);
    if (!payload) {
      socket.close(4002, 'Error while decoding payload.');
      return;
    }
    switch (payload.op) {
      case opcodes.heartbeat:
        connection.lastHeardAt = this.#now();
        if (typeof payload.d === 'number') connection.session?.acknowledge(payload.d);
        sendControl(socket, opcodes.heartbeatAck, null);
        return;
      case opcodes.identify:
        this.#identify(connection, payload.d);
        return;
      case opcodes.resume:
        this.#resume(connection, payload.d);
        return;
      case opcodes.requestMembers:
        if (connection.session) this.#sendMembers(connection.session, payload.d);
        else socket.close(4003, 'Not authenticated.');
        return;
      case opcodes.presence:
      case opcodes.voice:
        if (!connection.session) socket.close(4003, 'Not authenticated.');
        return;
      default:
        // User clients send further operations (lazy guilds and the like) which change nothing here.
        if (!connection.session) {
          socket.close(4003, 'Not authenticated.');
          return;
        }
        if (connection.session.principal.kind === 'bot') socket.close(4001, 'Unknown opcode.');
    }
  }

  #identify(connection: Connection, data: unknown): void {
    const { socket } = connection;
    if (connection.session) {
      socket.close(4005, 'Already authenticated.');
      return;
    }
    if (!isRecord(data) || typeof data.token !== 'string') {
      socket.close(4002, 'Error while decoding payload.');
      return;
    }
    const principal = this.#options.accounts.ofToken(data.token.replace(/^Bot /, ''));
    if (!principal) {
      socket.close(4004, 'Authentication failed.');
      return;
    }
    if (this.#isDown(principal)) {
      socket.close(4000, 'Unknown error.');
      return;
    }
    const intents = typeof data.intents === 'number' ? data.intents : undefined;
    if (principal.kind === 'bot') {
      if (intents === undefined || intents < 0 || intents >= 2 ** 26) {
        socket.close(4013, 'Invalid intent(s).');
        return;
      }
      if ((intents & intentBits.messageContent) !== 0 && !principal.contentIntent) {
        socket.close(4014, 'Disallowed intent(s).');
        return;
      }
    }
    const shard = Array.isArray(data.shard) ? data.shard : [0, 1];
    if (!(shard[0] < shard[1])) {
      socket.close(4010, 'Invalid shard.');
      return;
    }

    // A user's sessions see everything, whatever intents their client names.
    const session = new Session(
      randomUUID().replaceAll('-', ''),
      principal,
      principal.kind === 'bot' ? intents : undefined,
      socket,
    );
    connection.session = session;
    connection.lastHeardAt = this.#now();
    this.#sessions.set(session.id, session);
    this.#dropDetachedBeyondLimit(principal);
    session.send(toDispatch('READY', this.#readyData(session, shard)));
    for (const guildId of principal.guildIds) {
      // A user has its guilds in READY.
      if (principal.kind === 'bot') this.#sendGuild(session, guildId);
      else this.#enter(session, guildId);
    }
  }

  #resume(connection: Connection, data: unknown): void {
    const { socket } = connection;
    if (connection.session) {
      socket.close(4005, 'Already authenticated.');
      return;
    }
    if (!isRecord(data) || typeof data.token !== 'string' || typeof data.seq !== 'number') {
      socket.close(4002, 'Error while decoding payload.');
      return;
    }
    const principal = this.#options.accounts.ofToken(data.token.replace(/^Bot /, ''));
    if (!principal) {
      socket.close(4004, 'Authentication failed.');
      return;
    }
    if (this.#isDown(principal)) {
      socket.close(4000, 'Unknown error.');
      return;
    }
    const session = this.#sessions.get(String(data.session_id));
    if (session?.principal !== principal) {
      sendControl(socket, opcodes.invalidSession, false);
      return;
    }
    if (data.seq > session.lastSequence) {
      socket.close(4007, 'Invalid seq.');
      return;
    }
    if (!session.canReplayAfter(data.seq)) {
      this.#forget(session);
      sendControl(socket, opcodes.invalidSession, false);
      return;
    }
    connection.session = session;
    connection.lastHeardAt = this.#now();
    session.resume(socket, data.seq);
    session.send(toDispatch('RESUMED', { _trace: ['["gateway-simulated"]'] }));
  }

  #readyData(session: Session, shard: unknown[]): Record<string, unknown> {
    const { principal } = session;
    const common = {
      v: 10,
      user: { ...principal.user, verified: true, mfa_enabled: false, email: null, locale: 'en-US' },
      session_id: session.id,
      resume_gateway_url: this.#options.url(),
      session_type: 'normal',
      private_channels: [],
      relationships: [],
      presences: [],
      geo_ordered_rtc_regions: [],
      _trace: ['["gateway-simulated"]'],
    };
    const guildIds = [...principal.guildIds];
    if (principal.kind === 'user') {
      return {
        ...common,
        guilds: guildIds.map((id) => this.#guildData(session, id)),
        users: [],
        sessions: [],
      };
    }
    return {
      ...common,
      guilds: guildIds.map((id) => ({ id, unavailable: true })),
      shard,
      application: { id: principal.user.id, flags: 1 << 19 },
    };
  }

  #guildData({ principal }: Session, guildId: string) {
    const { accounts, lastMessageId, slowMode } = this.#options;
    return guildCreateData(guildId, accounts, principal, lastMessageId, slowMode);
  }

  #sendGuild(session: Session, guildId: string): void {
    this.#enter(session, guildId);
    if (!session.wants(intentBits.guilds)) return;
    session.send(toDispatch('GUILD_CREATE', this.#guildData(session, guildId)));
  }

  #enter(session: Session, guildId: string): void {
    const here = this.#sessionsOfGuild.get(guildId) ?? new Set();
    this.#sessionsOfGuild.set(guildId, here.add(session));
  }

  #sendMembers(session: Session, request: unknown): void {
    const guildId = isRecord(request) ? String(request.guild_id) : '';
    if (!session.principal.guildIds.has(guildId)) return;
    const members = membersOf(guildId, this.#options.accounts, session.principal);
    const nonce = isRecord(request) ? request.nonce : undefined;
    const chunk = { guild_id: guildId, members, chunk_index: 0, chunk_count: 1, not_found: [], nonce };
    session.send(toDispatch('GUILD_MEMBERS_CHUNK', chunk));
  }

  #recipientsOf(event: GuildEvent): Session[] {
    const { between, guildId, onlyFor, onlySession } = event;
    const direct = between !== undefined;
    const here = direct
      ? [...this.#sessions.values()].filter(({ principal }) => between.includes(principal.user.id))
      : [...(this.#sessionsOfGuild.get(guildId ?? '') ?? [])];
    if (onlySession !== undefined) return here.filter(({ id }) => id === onlySession);
    if (onlyFor !== undefined) {
      // Of the events that answer an interaction, its id is theirs.
      const answered =
        event.interactionId ?? (event.type.startsWith('INTERACTION_') ? String(event.data.id) : undefined);
      const named = this.#options.interactions.get(answered)?.sessionId;
      return here.filter(
        ({ id, principal }) =>
          principal.kind === 'user' && principal.user.id === onlyFor && (named === undefined || id === named),
      );
    }
    return here.filter((session) => session.wants(intentOf(event.type, direct)));
  }

  #speaksFor(session: Session, accountUserId: string): boolean {
    return this.#options.accounts
      .ofPrincipal(session.principal)
      .some((account) => account.user.user.id === accountUserId);
  }

  #isDown(principal: Principal): boolean {
    const keys = ['', ...this.#options.accounts.ofPrincipal(principal).map(({ user }) => user.user.id)];
    return keys.some((key) => (this.#downUntil.get(key) ?? 0) > this.#now());
  }

  #forget(session: Session): void {
    this.#sessions.delete(session.id);
    for (const guildId of session.principal.guildIds) this.#sessionsOfGuild.get(guildId)?.delete(session);
  }

  #dropDetachedBeyondLimit(principal: Principal): void {
    const detached = [...this.#sessions.values()].filter(
      (session) => session.principal === principal && !session.connected,
    );
    for (const session of detached.slice(0, -maxDetachedSessions)) this.#forget(session);
  }

  #sendsTooMuch(connection: Connection): boolean {
    const now = this.#now();
    if (now - connection.commandsSince > 60_000) {
      connection.commands = 0;
      connection.commandsSince = now;
    }
    connection.commands += 1;
    return connection.commands > commandsPerMinute;
  }

  #closeSilent(): void {
    const now = this.#now();
    for (const { socket, lastHeardAt } of this.#connections) {
      if (now - lastHeardAt > this.#options.heartbeatIntervalMs * 1.5) {
        socket.close(4009, 'Session timed out.');
      }
    }
    for (const session of this.#sessions.values()) {
      if (session.detachedAt !== undefined && now - session.detachedAt > resumeWindowMs)
        this.#forget(session);
    }
  }
}

/** The forms that one event has for different sessions, each turned into JSON once. */
class EventVariants {
  readonly #event: GuildEvent;
  #full: string | undefined;
  #blank: string | undefined;

  constructor(event: GuildEvent) {
    this.#event = event;
  }

  for({ principal, intents }: Session): Dispatch {
    const { type, nonce, dataWithoutContent, data } = this.#event;
    const blind =
      principal.kind === 'bot' && intents !== undefined && (intents & intentBits.messageContent) === 0;
    if (blind && dataWithoutContent) {
      this.#blank ??= JSON.stringify(dataWithoutContent());
      return { type, json: this.#blank };
    }
    this.#full ??= JSON.stringify(data);
    const sender = principal.kind === 'user' && nonce?.userId === principal.user.id;
    if (!nonce || !sender) return { type, json: this.#full };
    return { type, json: `{"nonce":${JSON.stringify(nonce.nonce)},${this.#full.slice(1)}` };
  }
}

/** The intent without which a bot does not get an event of a channel. */
function intentOf(type: string, direct: boolean): number {
  if (type.startsWith('MESSAGE_REACTION'))
    return direct ? intentBits.directReactions : intentBits.guildReactions;
  return direct ? intentBits.directMessages : intentBits.guildMessages;
}

function toDispatch(type: string, data: Record<string, unknown>): Dispatch {
  return { type, json: JSON.stringify(data) };
}

function sendControl(socket: GatewaySocket, op: number, d: unknown): void {
  socket.send(JSON.stringify({ t: null, s: null, op, d }));
}

function parsePayload(data: RawData): { op: number; d: unknown } | undefined {
  try {
    const payload: unknown = JSON.parse(String(data));
    return isRecord(payload) && typeof payload.op === 'number' ? { op: payload.op, d: payload.d } : undefined;
  } catch {
    return undefined;
  }
}
