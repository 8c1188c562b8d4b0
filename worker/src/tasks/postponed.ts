/** Midjourney does not take the task now: it waits for its time, and no attempt of its job has failed. */
export class Postponed extends Error {
  override readonly name = 'Postponed';
  /** The task is sent again then, not before. */
  readonly retryAt: Date;
  /** Until when Midjourney takes nothing else of the account either. */
  readonly holdUntil: Date | undefined;

  constructor(retryAt: Date, holdUntil?: Date) {
    super(`The task is sent again at ${retryAt.toISOString()}.`);
    this.retryAt = retryAt;
    this.holdUntil = holdUntil;
  }
}
