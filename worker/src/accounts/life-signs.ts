import type { Task } from '@midjourney-api/shared/tasks/task';

const silencesThatCount = 3;

/**
 * Whether Midjourney still answers an account at all. A human check, and much else that Midjourney wants of its
 * user, is shown to that user only: what a bot's session notices is that nothing comes back any longer. Refusals of
 * a prompt are as private, so that silence says nothing about the account as long as one client or one prompt may
 * be its cause, or as anything else was heard since.
 */
export class LifeSigns {
  readonly #silent: { userId: number; prompt: string }[] = [];
  #lastAt = 0;

  /** Midjourney said something, whatever it was. @param at milliseconds since 1970 */
  heard(at: number): void {
    this.#lastAt = at;
    this.#silent.length = 0;
  }

  /**
   * Midjourney never reacted to a task. @param sentAt milliseconds since 1970
   * @returns whether the account has fallen silent.
   */
  silence({ userId, prompt }: Pick<Task, 'userId' | 'prompt'>, sentAt: number): boolean {
    if (this.#lastAt >= sentAt) return false;
    this.#silent.push({ userId, prompt });
    const clients = new Set(this.#silent.map((silent) => silent.userId));
    const prompts = new Set(this.#silent.map((silent) => silent.prompt));
    return this.#silent.length >= silencesThatCount && clients.size > 1 && prompts.size > 1;
  }
}
