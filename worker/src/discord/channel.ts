import type { Logger } from '@midjourney-api/shared/logging/logger';
import { DiscordAPIError } from 'discord.js';
import { retry } from '../retry.ts';
import type { ChannelEvent } from './channel-event.ts';
import type { DiscordAccount } from './discord-account.ts';
import type { DiscordRest } from './rest/discord-rest.ts';
import { openSession, type Session } from './session.ts';
import type { SessionId } from './session-id.ts';

export interface ChannelListener {
  event(event: ChannelEvent): void;
  /** Everything that has happened up to now was passed on. */
  upToDate(info: { resumed: boolean }): void;
  /** What happens from now on is passed on later, when the session is back. */
  away(): void;
  /** Discord does not let the session in; only a person can mend that. */
  refused(reason: string): void;
  /** The message after which the history has to be read, when events may have been missed; null for none. */
  missedSince(): string | null;
}

/** The events of an account's channel: from the gateway session, and from the history where the session missed some. */
export class Channel {
  readonly #account: DiscordAccount;
  readonly #rest: DiscordRest;
  readonly #sessionId: SessionId;
  readonly #listener: ChannelListener;
  readonly #log: Logger;
  readonly #closing = new AbortController();
  #session: Session | undefined;
  #newestMessageId: string | null = null;
  #reading: Promise<void> = Promise.resolve();
  #nextReading: Promise<void> | undefined;

  constructor(
    account: DiscordAccount,
    rest: DiscordRest,
    sessionId: SessionId,
    listener: ChannelListener,
    log: Logger,
  ) {
    this.#account = account;
    this.#rest = rest;
    this.#sessionId = sessionId;
    this.#listener = listener;
    this.#log = log;
  }

  /** The newest message that is known; null until the channel has first been up to date. */
  get newestMessageId(): string | null {
    return this.#newestMessageId;
  }

  open(): void {
    this.#session = openSession(
      this.#rest,
      this.#account,
      {
        event: (event) => this.#emit(event),
        ready: ({ resumed, sessionId }) => {
          this.#sessionId.opened(sessionId);
          void this.#caughtUp(resumed);
        },
        away: () => {
          this.#sessionId.closed();
          this.#listener.away();
        },
        refused: (reason) => this.#listener.refused(reason),
      },
      this.#log,
    );
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#session?.close();
  }

  /**
   * Passes on what the history holds since the listener may have missed something. The reading begins after the call:
   * one that is under way may have passed what the caller looks for. @throws when closed or refused.
   */
  readHistory(): Promise<void> {
    this.#nextReading ??= this.#reading
      .catch(() => {})
      .then(() => {
        this.#nextReading = undefined;
        this.#reading = this.#readWhenReachable();
        return this.#reading;
      });
    return this.#nextReading;
  }

  async #caughtUp(resumed: boolean): Promise<void> {
    try {
      // A resumed session replays what it missed; a new one knows nothing of what happened before.
      await (resumed ? this.#reading : this.readHistory());
      this.#listener.upToDate({ resumed });
    } catch (err) {
      if (!this.#closing.signal.aborted) this.#log.error({ err }, 'the channel cannot be followed');
    }
  }

  async #readWhenReachable(): Promise<void> {
    try {
      await retry(() => this.#readPages(), {
        retryable: (error) => !forbidsReading(error),
        onRetry: (err, attempt) =>
          this.#log.warn({ err, attempt }, "cannot read the channel's history, trying again"),
        signal: this.#closing.signal,
      });
    } catch (error) {
      if (forbidsReading(error)) {
        this.#listener.refused(
          `Discord does not let the ${this.#account.session} read the channel (${error.message}): it must be in the server, view the channel and read its history.`,
        );
      }
      throw error;
    }
  }

  async #readPages(): Promise<void> {
    let after: string | null | undefined = this.#listener.missedSince();
    if (after === null) {
      this.#newestMessageId = (await this.#rest.newestMessageId()) ?? '0';
      return;
    }
    while (after !== undefined) {
      this.#know(after);
      const { messages, newestId } = await this.#rest.historyAfter(after);
      for (const message of messages) this.#emit({ type: 'message', message });
      after = newestId;
    }
  }

  #emit(event: ChannelEvent): void {
    if (event.type === 'message') this.#know(event.message.id);
    this.#listener.event(event);
  }

  #know(messageId: string): void {
    if (this.#newestMessageId === null || BigInt(messageId) > BigInt(this.#newestMessageId))
      this.#newestMessageId = messageId;
  }
}

/** Whether Discord answered that the account may not read the channel, which only a person can mend. */
function forbidsReading(error: unknown): error is DiscordAPIError {
  return error instanceof DiscordAPIError && [401, 403, 404].includes(error.status);
}
