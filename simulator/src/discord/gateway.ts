import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import type { Accounts, Principal } from '../accounts.ts';
import type { Faults } from '../faults.ts';
import { isRecord } from './form.ts';
import { type LoginContext, readIdentify, readResume } from './gateway-login.ts';
import { intentBits, opcodes, parsePayload, sendControl, toDispatch } from './gateway-protocol.ts';
import { GatewaySessions } from './gateway-sessions.ts';
import { GatewaySocket } from './gateway-socket.ts';
import { EventVariants, type GuildEvent } from './guild-event.ts';
import { guildCreateData, membersOf } from './guilds.ts';
import type { Interactions } from './interactions.ts';
import { readyData } from './ready.ts';
import { Session } from './session.ts';
import type { SlowMode } from './slow-mode.ts';

/** How many requests a minute a connection may send before it is closed (4008). */
const commandsPerMinute = 120;
const reorderPatienceMs = 1_000;

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
  readonly #sessions: GatewaySessions;
  readonly #login: LoginContext;
  readonly #downUntil = new Map<string, number>();
  readonly #options: GatewayOptions;
  readonly #now: () => number;
  readonly #sweep: NodeJS.Timeout;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#sessions = new GatewaySessions(options.accounts);
    this.#login = {
      accounts: options.accounts,
      sessions: this.#sessions,
      isDown: (principal) => this.#isDown(principal),
    };
    this.#sweep = setInterval(() => this.#closeSilent(), options.heartbeatIntervalMs / 4).unref();
  }

  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#accept(webSocket, request));
  }

  /** Sends an event to every session that may see it. */
  publish(event: GuildEvent): void {
    const recipients = this.#sessions.recipientsOf(event, this.#options.interactions);
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
    const dropped = this.#sessions.connected(accountUserId);
    if (downMs !== undefined) this.#downUntil.set(accountUserId ?? '', this.#now() + downMs);
    for (const session of dropped) {
      if (reconnect) session.write(JSON.stringify({ t: null, s: null, op: opcodes.reconnect, d: null }));
      if (!resumable) this.#sessions.forget(session);
      session.disconnect(closeCode, 'Dropped.');
    }
    return dropped.length;
  }

  /** Ends all sessions of a revoked token (4004). */
  closeSessionsOf(principal: Principal): void {
    for (const session of this.#sessions.all()) {
      if (session.principal !== principal) continue;
      this.#sessions.forget(session);
      session.disconnect(4004, 'Authentication failed.');
    }
  }

  /** The connected sessions that speak for an account. */
  connectedSessions(accountUserId: string): { id: string; kind: 'bot' | 'user'; lastSequence: number }[] {
    return this.#sessions
      .connected(accountUserId)
      .map(({ id, principal, lastSequence }) => ({ id, kind: principal.kind, lastSequence }));
  }

  /** Brings a guild to sessions that were open before the account joined it. */
  announceGuild(guildId: string): void {
    for (const session of this.#sessions.all()) {
      if (!session.principal.guildIds.has(guildId) || this.#sessions.isIn(guildId, session)) continue;
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
    const login = readIdentify(data, this.#login);
    if ('code' in login) {
      socket.close(login.code, login.reason);
      return;
    }
    const { principal, intents, shard } = login;
    const session = new Session(randomUUID().replaceAll('-', ''), principal, intents, socket);
    connection.session = session;
    connection.lastHeardAt = this.#now();
    this.#sessions.add(session);
    const guildData = (id: string) => this.#guildData(session, id);
    session.send(toDispatch('READY', readyData(session, { url: this.#options.url(), shard, guildData })));
    for (const guildId of principal.guildIds) {
      // A user has its guilds in READY.
      if (principal.kind === 'bot') this.#sendGuild(session, guildId);
      else this.#sessions.enter(session, guildId);
    }
  }

  #resume(connection: Connection, data: unknown): void {
    const { socket } = connection;
    if (connection.session) {
      socket.close(4005, 'Already authenticated.');
      return;
    }
    const resumption = readResume(data, this.#login);
    if (resumption === 'invalid session') {
      sendControl(socket, opcodes.invalidSession, false);
      return;
    }
    if ('code' in resumption) {
      socket.close(resumption.code, resumption.reason);
      return;
    }
    const { session, after } = resumption;
    connection.session = session;
    connection.lastHeardAt = this.#now();
    session.resume(socket, after);
    session.send(toDispatch('RESUMED', { _trace: ['["gateway-simulated"]'] }));
  }

  #guildData({ principal }: Session, guildId: string) {
    const { accounts, lastMessageId, slowMode } = this.#options;
    return guildCreateData(guildId, accounts, principal, lastMessageId, slowMode);
  }

  #sendGuild(session: Session, guildId: string): void {
    this.#sessions.enter(session, guildId);
    if (!session.wants(intentBits.guilds)) return;
    session.send(toDispatch('GUILD_CREATE', this.#guildData(session, guildId)));
  }

  #sendMembers(session: Session, request: unknown): void {
    const guildId = isRecord(request) ? String(request.guild_id) : '';
    if (!session.principal.guildIds.has(guildId)) return;
    const members = membersOf(guildId, this.#options.accounts, session.principal);
    const nonce = isRecord(request) ? request.nonce : undefined;
    const chunk = { guild_id: guildId, members, chunk_index: 0, chunk_count: 1, not_found: [], nonce };
    session.send(toDispatch('GUILD_MEMBERS_CHUNK', chunk));
  }

  #isDown(principal: Principal): boolean {
    const keys = ['', ...this.#options.accounts.ofPrincipal(principal).map(({ user }) => user.user.id)];
    return keys.some((key) => (this.#downUntil.get(key) ?? 0) > this.#now());
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
    this.#sessions.forgetExpired(now);
  }
}
