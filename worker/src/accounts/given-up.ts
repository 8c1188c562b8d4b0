import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { type Candidate, isUnmarked } from '../midjourney/match.ts';
import type { Release } from './slots.ts';

/**
 * Tasks that were given up while Midjourney may still draw them. Their pictures must be recognised when they
 * come: to be kept as late results, and above all not to be taken for those of a later task.
 */
export class GivenUpTasks {
  readonly #tasks = new Map<TaskId, { candidate: Candidate; forget: () => void }>();

  /**
   * @param keptMs how long a late picture is expected
   * @param exclusiveMs how long no task may run whose messages would read like this one's
   */
  add(candidate: Candidate, keptMs: number, exclusive: { ms: number; release: Release }): void {
    const releasing = setTimeout(
      () => {
        exclusive.release();
        // Nothing but that it was the only one of its kind would tell a late picture from the next one's.
        if (isUnmarked(candidate) && candidate.hash === null) this.forget(candidate.task.id);
      },
      Math.max(exclusive.ms, 0),
    );
    const forgetting = setTimeout(() => this.forget(candidate.task.id), Math.max(keptMs, 0));
    releasing.unref();
    forgetting.unref();
    const forget = () => {
      clearTimeout(releasing);
      clearTimeout(forgetting);
      exclusive.release();
    };
    this.#tasks.set(candidate.task.id, { candidate, forget });
  }

  has(id: TaskId): boolean {
    return this.#tasks.has(id);
  }

  forget(id: TaskId): void {
    this.#tasks.get(id)?.forget();
    this.#tasks.delete(id);
  }

  clear(): void {
    for (const id of [...this.#tasks.keys()]) this.forget(id);
  }

  *candidates(): Iterable<Candidate> {
    for (const { candidate } of this.#tasks.values()) yield candidate;
  }
}
