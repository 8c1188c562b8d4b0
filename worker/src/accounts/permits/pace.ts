import type { Pacing } from '@midjourney-api/shared/accounts/pacing/pacing';
import { AsyncQueue } from '@sapphire/async-queue';
import { wait } from '../../wait.ts';
import { dayMs, fastReadEveryMs, type Send, type SendHistory, type Verdict, whenMaySend } from './pacing.ts';

/** A send that the pace allowed, and that counts for the next ones. */
interface Counted {
  /** It goes out now. */
  sending(): void;
  /** It did not go out after all. */
  notSent(): void;
  /** It is no longer to be sent: counted no more, unless it went out. */
  over(): void;
}

/** Fewer fast hours than these are used up by a few drawings. */
const nearlyOutHours = 0.25;

/** The pace at which an account sends, as its operator has set it: what it sent, and when it may send again. */
export class Pace {
  readonly pacing: Pacing;
  /** When something was last allowed to go out, and when something last did, in milliseconds since 1970. */
  #lastTakenAt = Number.NEGATIVE_INFINITY;
  #lastSentAt = Number.NEGATIVE_INFINITY;
  /** Those about to be sent included, as if they were sent when they were allowed. */
  #drawings: { at: number }[] = [];
  #fast: SendHistory['fast'] = null;
  #fastAskedAt = Number.NEGATIVE_INFINITY;
  /** One goes out after the other. */
  readonly #sends = new AsyncQueue();
  readonly #listeners: (() => void)[] = [];
  #due: { at: number; timer: NodeJS.Timeout } | undefined;
  #isClosed = false;

  constructor(pacing: Pacing) {
    this.pacing = pacing;
  }

  /** @param listener called when something may be sent that had to wait. */
  onDue(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Counts what was drawn before this session of the account began. */
  remember(drawings: Date[]): void {
    this.#drawings.push(...drawings.map((at) => ({ at: at.getTime() })));
  }

  /** What Midjourney says of the account's fast hours. */
  fastHoursLeft(hours: number): void {
    this.#fast = { isNearlyOut: hours < nearlyOutHours, readAt: Date.now() };
    if (this.isFastNearlyOut) this.#wakeAt(Date.now() + fastReadEveryMs);
  }

  get isFastNearlyOut(): boolean {
    return this.#fast?.isNearlyOut === true;
  }

  /** Whether drawings that name no speed are to be drawn in relax mode. */
  get prefersRelax(): boolean {
    return this.pacing.when_fast_ends === 'relax' && this.isFastNearlyOut;
  }

  /** Whether to ask for the fast hours now, where they matter: true once an hour. */
  mayReadFastHours(): boolean {
    if (this.pacing.when_fast_ends === null || Date.now() < this.#fastAskedAt + fastReadEveryMs) return false;
    this.#fastAskedAt = Date.now();
    return true;
  }

  /** Whether this may be sent now. If not, `onDue` is called when it may. */
  verdict(send: Send): Verdict {
    const now = Date.now();
    this.#drawings = this.#drawings.filter(({ at }) => at > now - dayMs);
    const drawings = this.#drawings.map(({ at }) => at).sort((a, b) => a - b);
    const lastSendAt = Math.max(this.#lastTakenAt, this.#lastSentAt);
    const history = { lastSendAt, drawings, fast: this.#fast };
    const verdict = whenMaySend(this.pacing, history, now, send);
    if (verdict !== 'now') this.#wakeAt(verdict.at);
    return verdict;
  }

  /** Counts what the verdict allowed. */
  take({ work }: Send): Counted {
    const drawing = { at: Date.now() };
    const takenAt = drawing.at;
    const takenBefore = this.#lastTakenAt;
    let isSent = false;
    this.#lastTakenAt = takenAt;
    if (work !== 'nothing') this.#drawings.push(drawing);
    return {
      sending: () => {
        isSent = true;
        drawing.at = Date.now();
      },
      notSent: () => {
        isSent = false;
      },
      over: () => {
        if (isSent) return;
        this.#drawings = this.#drawings.filter((each) => each !== drawing);
        if (this.#lastTakenAt === takenAt) this.#lastTakenAt = takenBefore;
      },
    };
  }

  /** Any interaction goes out. */
  sent(): void {
    this.#lastSentAt = Date.now();
  }

  /**
   * Sends what was allowed, once the gap after the previous send is over: Discord's rate limit may have delayed that
   * one so much that both would go out at once.
   * @param send settles when it is answered. @throws what it throws, and when aborted.
   */
  async afterGap<T>(signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    const gapMs = this.pacing.min_gap * 1_000;
    if (gapMs === 0) return send();
    await this.#sends.wait({ signal });
    try {
      await wait(Math.max(this.#lastSentAt + gapMs - Date.now(), 0), signal);
      const answer = await send();
      this.sent();
      return answer;
    } finally {
      this.#sends.shift();
    }
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#due?.timer);
  }

  #wakeAt(at: number): void {
    if (this.#isClosed || (this.#due && this.#due.at <= at)) return;
    clearTimeout(this.#due?.timer);
    const timer = setTimeout(() => {
      this.#due = undefined;
      for (const listener of this.#listeners) listener();
    }, at - Date.now());
    this.#due = { at, timer };
  }
}
