import { once } from 'node:events';
import { WebSocket } from 'ws';
import { isRecord } from '../discord/form.ts';
import type { SimulatedAccount, Simulator } from '../simulator.ts';

type Json = Record<string, unknown>;

export interface GatewayEvent {
  op: number;
  type: string | null;
  sequence: number | null;
  data: Json;
}

/** A button, or a select menu. */
interface PostedComponent {
  type: number;
  custom_id?: string;
  label?: string;
  style?: number;
  url?: string;
  options?: { label: string; value: string; default: boolean }[];
}

export interface Posted {
  channel_id: string;
  id: string;
  type: number;
  content: string;
  nonce?: string;
  flags: number;
  attachments: { id: string; filename: string; size: number; url: string; width: number; height: number }[];
  embeds: {
    title?: string;
    description?: string;
    color?: number;
    footer?: { text: string };
    image?: { url: string };
  }[];
  components: { components: PostedComponent[] }[];
  message_reference?: { message_id: string };
  referenced_message?: { id: string } | null;
  interaction_metadata?: { id: string; type: number; interacted_message_id?: string; name?: string };
}

/** A plain WebSocket client of the gateway that keeps every frame. */
export class Listener {
  readonly events: GatewayEvent[] = [];
  readonly socket: WebSocket;
  readonly #waiting = new Set<() => void>();
  closeCode: number | undefined;

  constructor(url: string) {
    this.socket = new WebSocket(`${url}?v=10&encoding=json`);
    this.socket.on('error', () => {});
    this.socket.on('message', (data) => {
      const frame: unknown = JSON.parse(String(data));
      if (!isRecord(frame) || typeof frame.op !== 'number') return;
      this.events.push({
        op: frame.op,
        type: typeof frame.t === 'string' ? frame.t : null,
        sequence: typeof frame.s === 'number' ? frame.s : null,
        data: isRecord(frame.d) ? frame.d : { value: frame.d },
      });
      for (const check of this.#waiting) check();
    });
    this.socket.on('close', (code) => {
      this.closeCode = code;
      for (const check of this.#waiting) check();
    });
  }

  /** Logs in and waits for the guild: a bot's comes of its own, a user's in READY. */
  static async identified(simulator: Simulator, token: string, intents = 33281): Promise<Listener> {
    const listener = new Listener(simulator.gatewayUrl);
    await listener.frame(10);
    listener.send(2, { token, intents, properties: {} });
    const { guilds } = await listener.event('READY');
    const pending = Array.isArray(guilds) && guilds.some((guild) => guild.unavailable === true);
    if (pending) await listener.event('GUILD_CREATE');
    return listener;
  }

  send(op: number, d: unknown): void {
    this.socket.send(JSON.stringify({ op, d }));
  }

  frame(op: number): Promise<GatewayEvent> {
    return this.#until(() => this.events.find((event) => event.op === op), `a frame with op ${op}`);
  }

  event(type: string, fits: (data: Json) => boolean = () => true): Promise<Json> {
    const found = () => this.events.find((event) => event.type === type && fits(event.data))?.data;
    return this.#until(found, type);
  }

  /** The first message created that fits. */
  message(fits: (message: Posted) => boolean): Promise<Posted> {
    return this.#until(() => this.messages('MESSAGE_CREATE').find(fits), 'a message');
  }

  updated(fits: (message: Posted) => boolean): Promise<Posted> {
    return this.#until(() => this.messages('MESSAGE_UPDATE').find(fits), 'an edited message');
  }

  messages(type: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE'): Posted[] {
    return this.events.filter((event) => event.type === type).map((event) => asPosted(event.data));
  }

  types(): (string | null)[] {
    return this.events.map(({ type }) => type);
  }

  lastSequence(): number {
    return Math.max(0, ...this.events.map(({ sequence }) => sequence ?? 0));
  }

  closed(): Promise<number> {
    return this.#until(() => this.closeCode, 'the connection to close');
  }

  async end(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    this.socket.terminate();
    await once(this.socket, 'close');
  }

  #until<T>(find: () => T | undefined, what: string): Promise<T> {
    const stack = new Error(`waited in vain for ${what}`);
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = find();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(found);
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        stack.message += `; got ${JSON.stringify(this.types())}, closed ${this.closeCode}`;
        reject(stack);
      }, 4_000);
      this.#waiting.add(check);
      check();
    });
  }
}

/** A person with Midjourney open: sends commands, presses buttons, uploads files. */
export class DiscordUser {
  readonly simulator: Simulator;
  readonly account: SimulatedAccount;
  /** The session that its interactions name, which hears what answers them privately. */
  sessionId = 'a1b2c3';
  #nonces = 0;

  constructor(simulator: Simulator, account = simulator.accounts[0]) {
    if (!account) throw new Error('the simulator has no account');
    this.simulator = simulator;
    this.account = account;
  }

  /** Opens a session, named from now on by this user's interactions. */
  async listen(): Promise<Listener> {
    const listener = await Listener.identified(this.simulator, this.account.userToken);
    this.sessionId = String((await listener.event('READY')).session_id);
    return listener;
  }

  async command(
    name: string,
    options: Json[] = [],
    more: Json = {},
  ): Promise<{ nonce: string; answer: Response }> {
    const index = await this.get(`/guilds/${this.account.guildId}/application-command-index`);
    const commands = Array.isArray(index.application_commands) ? index.application_commands : [];
    const applicationId = more.application_id ?? '936929561302675456';
    const command = commands.find((known) => known.name === name && known.application_id === applicationId);
    const { data: moreData, ...rest } = more;
    return this.interact({
      type: 2,
      data: {
        id: command?.id,
        version: command?.version,
        name,
        type: 1,
        options,
        attachments: [],
        ...(isRecord(moreData) ? moreData : {}),
      },
      ...rest,
    });
  }

  imagine(prompt: string): Promise<{ nonce: string; answer: Response }> {
    return this.command('imagine', [{ type: 3, name: 'prompt', value: prompt }]);
  }

  press(message: Posted, find: string | RegExp): Promise<{ nonce: string; answer: Response }> {
    return this.interact({
      type: 3,
      message_id: message.id,
      message_flags: message.flags,
      data: { component_type: 2, custom_id: buttonOf(message, find) },
    });
  }

  /** Chooses in a select menu. */
  select(message: Posted, find: string, values: string[]): Promise<{ nonce: string; answer: Response }> {
    return this.interact({
      type: 3,
      message_id: message.id,
      message_flags: message.flags,
      data: { component_type: 3, custom_id: buttonOf(message, find), values },
    });
  }

  async interact(body: Json): Promise<{ nonce: string; answer: Response }> {
    this.#nonces += 1;
    const nonce = `${Date.now()}${String(this.#nonces).padStart(6, '0')}`;
    const answer = await this.post('/interactions', {
      application_id: '936929561302675456',
      guild_id: this.account.guildId,
      channel_id: this.account.channelId,
      session_id: this.sessionId,
      nonce,
      ...body,
    });
    return { nonce, answer };
  }

  /** Uploads a file and gives its `uploaded_filename`. */
  async upload(filename: string, bytes: Buffer): Promise<string> {
    const answer = await this.post(`/channels/${this.account.channelId}/attachments`, {
      files: [{ filename, file_size: bytes.length, id: '0' }],
    });
    const { attachments } = (await answer.json()) as {
      attachments: { upload_url: string; upload_filename: string }[];
    };
    const slot = attachments[0];
    if (!slot) throw new Error('no upload slot');
    await fetch(slot.upload_url, { method: 'PUT', body: new Uint8Array(bytes) });
    return slot.upload_filename;
  }

  post(path: string, body: unknown, authorization = this.account.userToken): Promise<Response> {
    return fetch(`${this.simulator.apiUrl}/v9${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }

  fetch(path: string, authorization = this.account.userToken): Promise<Response> {
    return fetch(`${this.simulator.apiUrl}/v9${path}`, { headers: { authorization } });
  }

  async get(path: string, authorization?: string): Promise<Json> {
    return (await (await this.fetch(path, authorization)).json()) as Json;
  }

  get asBot(): string {
    return `Bot ${this.account.botToken}`;
  }

  /** Calls the control API. */
  async control(method: string, path: string, body?: unknown): Promise<Json> {
    const answer = await fetch(`${this.simulator.controlUrl}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return text === '' ? {} : (JSON.parse(text) as Json);
  }

  async jobs(): Promise<Record<string, string>[]> {
    return (await this.control('GET', '/jobs')).jobs as Record<string, string>[];
  }
}

function buttonOf(message: Posted, find: string | RegExp): string {
  const ids = message.components.flatMap((row) => row.components.map((button) => button.custom_id ?? ''));
  const found = ids.find((id) => (typeof find === 'string' ? id.includes(find) : find.test(id)));
  if (found === undefined) throw new Error(`no button ${find} among ${ids.join(', ')}`);
  return found;
}

function asPosted(data: Json): Posted {
  return data as unknown as Posted;
}
