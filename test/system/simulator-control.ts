/** A client of the simulator's control API. */

export interface DrawnJob {
  id: string;
  /** The hash in its messages: of a picked video perhaps that of its sheet. */
  hash: string;
  kind: string;
  index?: number;
  detail?: string;
  applicationId?: string;
  state: string;
  prompt: string;
  accountUserId: string;
  /** Milliseconds since 1970. */
  requestedAt: number;
  startedAt?: number;
  finishedAt?: number;
  imageSha256?: string;
  /** How long its video is. */
  seconds?: number;
  /** The prompts of describe and shorten. */
  texts?: string[];
  parentMessageId?: string;
  parentJobId?: string;
  finalMessageId?: string;
  /** Of the interaction that asked for it. */
  nonce?: string;
}

interface AccountStats {
  userId: string;
  concurrency: number;
  maxOpen: number;
  idleMs: number;
  busySlotMs: number;
  sessions: { kind: 'bot' | 'user' }[];
  /** How often its bot, and its user, asked Discord for something, by route and status. */
  botCalls: Record<string, Record<string, number>>;
  userCalls: Record<string, Record<string, number>>;
}

/** A gateway event, word for word: from the bot unless it says another author, ids and times filled in. */
export interface RawEvent {
  /** By default `MESSAGE_CREATE`. */
  t?: string;
  d: Record<string, unknown>;
  /** The one session, by its id in READY, that hears of it. */
  session?: string;
  afterMs?: number;
}

/** What the next interactions are answered with in the bot's stead. Patterns are regular expressions. */
export interface Reply {
  match?: { command?: string; customId?: string; modal?: string; promptContains?: string; account?: string };
  times?: number;
  /** 204 unless it says another. */
  status?: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** Texts in them may hold `{nonce}`, `{interaction}`, `{prompt}`, `{marker}`, `{user}`, `{message}`, `{hash}`, `{new:NAME}`. */
  events?: RawEvent[];
  /** Whether the bot also does what it always does. */
  botActs?: boolean;
}

export class SimulatorControl {
  readonly #url: string;

  constructor(controlUrl: string) {
    this.#url = controlUrl;
  }

  async jobs(promptContains?: string): Promise<DrawnJob[]> {
    const query = promptContains ? `?prompt=${encodeURIComponent(promptContains)}` : '';
    return ((await this.#call('GET', `/jobs${query}`)) as { jobs: DrawnJob[] }).jobs;
  }

  async fault(fault: Record<string, unknown>): Promise<void> {
    await this.#call('POST', '/faults', fault);
  }

  async clearFaults(): Promise<void> {
    await this.#call('DELETE', '/faults');
  }

  /** How often faults of this kind have struck. */
  async struck(kind: string): Promise<number> {
    const { faults } = (await this.#call('GET', '/faults')) as { faults: { kind: string; struck: number }[] };
    return faults.filter((fault) => fault.kind === kind).reduce((sum, { struck }) => sum + struck, 0);
  }

  /** Plays a message or event in an account's channel, the first one's by default. @returns its id. */
  async play(event: RawEvent, account?: string): Promise<string> {
    return ((await this.#call('POST', '/messages', { ...event, account })) as { id: string }).id;
  }

  async replyWith(reply: Reply): Promise<void> {
    await this.#call('POST', '/replies', reply);
  }

  async clearReplies(): Promise<void> {
    await this.#call('DELETE', '/replies');
  }

  async dropGateway(how: Record<string, unknown>): Promise<void> {
    await this.#call('POST', '/gateway/drop', how);
  }

  /** Switches the model of prompts that name none, such as `7`. */
  async switchDefaultModel(defaultModel: string): Promise<void> {
    await this.#call('POST', '/settings', { defaultModel });
  }

  async redeployCommands(): Promise<void> {
    await this.#call('POST', '/commands/redeploy');
  }

  async account(
    userId: string,
    what: 'revoke' | 'verify' | 'refuse' | 'restore' | 'settings',
    body: object = {},
  ): Promise<void> {
    await this.#call('POST', `/accounts/${userId}/${what}`, body);
  }

  async addAccount(
    concurrency: number,
  ): Promise<{ userId: string; userToken: string; botToken: string; guildId: string; channelId: string }> {
    return (await this.#call('POST', '/accounts', { concurrency })) as Awaited<
      ReturnType<SimulatorControl['addAccount']>
    >;
  }

  /** What each account had at Midjourney: `open` counts what waits there too. And the sessions that listen for it now. */
  async accountStats(): Promise<AccountStats[]> {
    return ((await this.#call('GET', '/stats')) as { accounts: AccountStats[] }).accounts;
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.#url + path, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`The simulator answered ${response.status}: ${await response.text()}`);
    return response.status === 204 ? undefined : response.json();
  }
}
