import type { Pacing } from '@midjourney-api/shared/accounts/pacing/pacing';
import { AsyncQueue } from '@sapphire/async-queue';
import { wait } from '../../wait.ts';
import { dayMs, fastReadEveryMs, type Send, type SendHistory, type Verdict, whenMaySend } from './pacing.ts';

/** A send that the pace allowed. */
interface Counted {
  /** It goes out now. */
  sending(): void;
  /** It did not. */
  notSent(): void;
  /** It is no longer to be sent. What was sent stays counted. */
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
  /** What is about to be sent included, as if it were sent when it was allowed. */
  #drawings: { at: number }[] = [];
  #fast: SendHistory['fast'] = null;
  #fastAskedAt = Number.NEGATIVE_INFINITY;
  /** One goes out after the other. */
  readonly #turns = new AsyncQueue();
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

  /** What was drawn before this session of the account began. */
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

  /** Whether what names no speed is to be drawn in relax mode. */
  get prefersRelax(): boolean {
    return this.pacing.when_fast_ends === 'relax' && this.isFastNearlyOut;
  }

  /** Whether it is time to ask for the fast hours, if they matter; then it is not for an hour. */
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

  /** Something goes out, whatever it is. */
  sent(): void {
    this.#lastSentAt = Date.now();
  }

  /**
   * Waits until what was allowed may go out: Discord's rate limit may have kept the one before it so long that both
   * would go out at once.
   * @param send settles when it is answered. @throws what it throws, and when aborted.
   */
  async inTurn<T>(signal: AbortSignal, send: () => Promise<T>): Promise<T> {
    const gapMs = this.pacing.min_gap * 1_000;
    if (gapMs === 0) return send();
    await this.#turns.wait({ signal });
    try {
      await wait(Math.max(this.#lastSentAt + gapMs - Date.now(), 0), signal);
      const answer = await send();
      this.sent();
      return answer;
    } finally {
      this.#turns.shift();
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
