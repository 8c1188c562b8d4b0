import { setTimeout as pause } from 'node:timers/promises';
import type { DiscordMessage } from '../../discord/message.ts';
import type { DiscordRest } from '../../discord/rest/discord-rest.ts';
import { readSeed } from '../../midjourney/seed.ts';

const envelope = '✉️';

/** Reactions are calls with the user's token: however many seeds are wanted, they come no faster than a person's. */
const gapMs = 3_000;
const answerWithinMs = 8_000;
const mostPending = 20;

interface Picture {
  messageId: string;
  /** Midjourney's, in lower case. */
  jobId: string;
}

/**
 * Asks for the seeds of pictures: Midjourney writes one to the account's user, in a direct message, when that user
 * reacts to the picture with an envelope. An answer names its job, so none is taken for another's.
 */
export class Seeds {
  readonly #open = new Map<string, (seed: number) => void>();
  #queue: Promise<unknown> = Promise.resolve();
  /** By job, so that concurrent callers share one question. */
  readonly #pending = new Map<string, Promise<number | undefined>>();
  readonly #rest: Pick<DiscordRest, 'react'>;

  constructor(rest: Pick<DiscordRest, 'react'>) {
    this.#rest = rest;
  }

  /**
   * @returns undefined when the message is gone from the channel.
   * @throws {AccountRefused} @throws when too many are pending, or no answer comes in time.
   */
  async ask(picture: Picture, signal: AbortSignal): Promise<number | undefined> {
    const asked = this.#pending.get(picture.jobId);
    if (asked) return asked;
    if (this.#pending.size >= mostPending) throw new Error('Too many seeds are being asked for.');
    const asking = this.#queue.then(() => this.#askNow(picture, signal));
    const nextMay = () => pause(gapMs, undefined, { signal });
    this.#queue = asking.then(nextMay, nextMay).catch(() => {});
    this.#pending.set(picture.jobId, asking);
    return asking.finally(() => this.#pending.delete(picture.jobId));
  }

  hear({ content }: DiscordMessage): void {
    const found = readSeed(content);
    if (found) this.#open.get(found.jobId)?.(found.seed);
  }

  async #askNow({ messageId, jobId }: Picture, signal: AbortSignal): Promise<number | undefined> {
    signal.throwIfAborted();
    const answered = new AbortController();
    const answer = new Promise<number>((resolve) => this.#open.set(jobId, resolve));
    try {
      if (!(await this.#rest.react(messageId, envelope))) return undefined;
      const over = AbortSignal.any([signal, answered.signal]);
      const silence = pause(answerWithinMs, undefined, { signal: over }).then(() => {
        throw new Error('Midjourney named no seed.');
      });
      return await Promise.race([answer, silence]);
    } finally {
      answered.abort();
      this.#open.delete(jobId);
    }
  }
}
