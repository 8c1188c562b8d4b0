import type { Task } from '@midjourney-api/shared/tasks/task';
import { FailureStreak } from './failure-streak.ts';

/**
 * Whether Midjourney still answers an account at all. A human check, like much else that Midjourney asks of an
 * account's user, is shown to that user only: a bot's session only notices that no answer comes. Refusals of a prompt
 * are just as private, so silence says nothing about the account while a single client or prompt may be its cause, or
 * when any other message has come since.
 */
export class LifeSigns {
  readonly #silences = new FailureStreak(3);
  #lastAt = 0;

  /** Midjourney said something, whatever it was. @param at milliseconds since 1970 */
  heard(at: number): void {
    this.#lastAt = at;
    this.#silences.end();
  }

  /**
   * Midjourney never reacted to a task. @param sentAt milliseconds since 1970
   * @returns whether the account has fallen silent.
   */
  silence(task: Pick<Task, 'userId' | 'prompt'>, sentAt: number): boolean {
    return this.#lastAt < sentAt && this.#silences.add(task);
  }
}
