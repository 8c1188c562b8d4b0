import type { Task } from '@midjourney-api/shared/tasks/task';
import { FailureStreak } from './failure-streak.ts';

/**
 * Whether Midjourney still answers an account at all. A human check, and much else that Midjourney wants of its
 * user, is shown to that user only: what a bot's session notices is that nothing comes back. Refusals of a prompt are
 * as private, so silence says nothing about the account while one client or one prompt may be its cause, or when
 * anything else was heard since.
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
