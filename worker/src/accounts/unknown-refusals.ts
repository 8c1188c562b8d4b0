import type { Task } from '@midjourney-api/shared/tasks/task';

export const unknownRefusalsThatCount = 5;

/**
 * Refusals in words that this service does not know, in a row. Each may be about its prompt; when many come, for
 * several clients and prompts, and nothing is drawn in between, they are more likely about the account.
 */
export class UnknownRefusals {
  #run: { userId: number; prompt: string }[] = [];

  /** Midjourney draws for the account. */
  drew(): void {
    this.#run = [];
  }

  /** @returns whether they have become too many. */
  refused({ userId, prompt }: Pick<Task, 'userId' | 'prompt'>): boolean {
    this.#run.push({ userId, prompt });
    const clients = new Set(this.#run.map((refused) => refused.userId));
    const prompts = new Set(this.#run.map((refused) => refused.prompt));
    return this.#run.length >= unknownRefusalsThatCount && clients.size > 1 && prompts.size > 1;
  }
}
