import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { DiscordAccount } from '../../discord/discord-account.ts';
import type { Pace } from '../permits/pace.ts';
import type { Send } from '../permits/pacing.ts';
import { type Slot, Slots } from '../permits/slots.ts';
import type { AccountQuestions } from '../questions/account-questions.ts';
import type { AccountStanding } from './standing.ts';

export interface CapacityContext {
  account: DiscordAccount;
  pace: Pace;
  standing: AccountStanding;
  questions: Pick<AccountQuestions, 'info'>;
  /** Called when the account may be able to draw more than before, or less. */
  onChange(): void;
  log: Logger;
}

/** How much more an account may draw now: by its slots, its pace and its standing. */
export class Capacity {
  readonly slots: Slots;
  readonly #context: CapacityContext;

  constructor(context: CapacityContext) {
    const { account, pace } = context;
    this.#context = context;
    this.slots = new Slots({
      pictures: account.concurrency,
      videos: pace.pacing.videos,
      pace,
      onFree: () => this.changed(),
    });
  }

  /** How many slots are taken, divided by the account's weight: the next drawing goes where this is lowest. */
  get load(): number {
    return this.slots.used / this.#context.account.weight;
  }

  /** Whether videos have slots of their own here. */
  get hasVideoSlots(): boolean {
    return this.#context.pace.pacing.videos !== null;
  }

  /** Whether the account could draw this at once. */
  hasSlotFor(drawing: Send): boolean {
    return this.#context.standing.isReady && this.slots.isFreeFor(this.#atOwnSpeed(drawing));
  }

  /** Takes a slot for a new drawing; undefined when none is free or the account cannot draw now. */
  takeSlot(drawing: Send): Slot | undefined {
    if (!this.#context.standing.isReady) return undefined;
    const slot = this.slots.tryAcquire(this.#atOwnSpeed(drawing));
    this.#showPace();
    return slot;
  }

  /** To be called when the account becomes ready; what else changes its capacity is noticed here. */
  changed(): void {
    this.#showPace();
    this.#context.onChange();
  }

  /** Asks Midjourney for the account's fast hours, if its pace depends on them and only a user's session can hear the answer. */
  readFastHours(): void {
    const { account, pace, standing, questions, log } = this.#context;
    if (account.session !== 'user' || !standing.isReady || !pace.mayReadFastHours()) return;
    questions
      .info()
      .then(({ fast_hours_left: left }) => {
        if (left !== null) pace.fastHoursLeft(left);
        this.changed();
      })
      .catch((err) => log.warn({ err }, 'the fast hours of the account are not known'));
  }

  /** Shows operators and clients until when the account draws nothing new, and why. */
  #showPace(): void {
    const { account, pace, standing } = this.#context;
    const verdict = pace.verdict({ work: 'picture', speed: account.speed });
    const hold = verdict === 'now' || verdict.isPause ? null : verdict;
    standing.enter({ type: 'paced', hold: hold && { reason: hold.reason, until: new Date(hold.at) } });
    if (pace.isFastNearlyOut) this.readFastHours();
  }

  #atOwnSpeed({ work, speed }: Send): Send {
    return { work, speed: speed ?? this.#context.account.speed };
  }
}
