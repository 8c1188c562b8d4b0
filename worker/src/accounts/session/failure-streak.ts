import type { Task } from '@midjourney-api/shared/tasks/task';

/** Tasks in a row that failed in the same way. */
export class FailureStreak {
  readonly #most: number;
  #tasks: Pick<Task, 'userId' | 'prompt'>[] = [];

  /** @param most from so many on it is no coincidence */
  constructor(most: number) {
    this.#most = most;
  }

  /**
   * @returns whether the account is a likelier cause than the tasks: they are many by now, of more than one client and
   * more than one prompt.
   */
  add({ userId, prompt }: Pick<Task, 'userId' | 'prompt'>): boolean {
    this.#tasks.push({ userId, prompt });
    const clients = new Set(this.#tasks.map((task) => task.userId));
    const prompts = new Set(this.#tasks.map((task) => task.prompt));
    return this.#tasks.length >= this.#most && clients.size > 1 && prompts.size > 1;
  }

  end(): void {
    this.#tasks = [];
  }
}
