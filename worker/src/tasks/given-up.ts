import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { exclusiveKey } from '../midjourney/exclusive-key.ts';
import type { ActiveTask } from './active-task.ts';

/** How long a given-up task keeps what it has, in milliseconds. */
export interface KeptFor {
  /** Its slot at Midjourney, unless the job is seen to end before. */
  slotMs: number;
  /** The right to be the only one whose messages read like its own. */
  keyMs: number;
  /** Its picture is expected; 0 when it could not be told from those of others. */
  pictureMs: number;
}

interface GivenUp {
  active: ActiveTask;
  isExpected: boolean;
  timers: NodeJS.Timeout[];
}

/**
 * Tasks that were given up while Midjourney may still draw them. They keep their slot until Midjourney's job has
 * ended, and their pictures must be recognised when they come: to be kept as late results, and above all not to be
 * taken for those of a later task.
 */
export class GivenUpTasks {
  readonly #tasks = new Map<TaskId, GivenUp>();

  add(active: ActiveTask, { slotMs, keyMs, pictureMs }: KeptFor): void {
    const { id } = active.task;
    const task: GivenUp = { active, isExpected: pictureMs > 0, timers: [] };
    this.#tasks.set(id, task);
    const after = (ms: number, act: () => void) => task.timers.push(setTimeout(act, Math.max(ms, 0)).unref());
    after(slotMs, active.releaseSlot);
    after(keyMs, () => {
      active.releaseKey();
      // Now others of its kind are drawn, and nothing would tell its picture from theirs.
      if (!isRecognisable(active)) task.isExpected = false;
    });
    after(Math.max(slotMs, keyMs, pictureMs), () => this.forget(id));
  }

  /** Midjourney has nothing of it under way any longer; a picture of it may still be on its way here. */
  jobEnded(id: TaskId): void {
    const active = this.#tasks.get(id)?.active;
    active?.releaseSlot();
    active?.releaseKey();
    if (active && !isRecognisable(active)) this.forget(id);
  }

  forget(id: TaskId): void {
    const task = this.#tasks.get(id);
    for (const timer of task?.timers ?? []) clearTimeout(timer);
    task?.active.releaseSlot();
    task?.active.releaseKey();
    this.#tasks.delete(id);
  }

  clear(): void {
    for (const id of [...this.#tasks.keys()]) this.forget(id);
  }

  *activeTasks(): Iterable<ActiveTask> {
    for (const { active } of this.#tasks.values()) yield active;
  }

  /** Those whose picture would be recognised. */
  *expected(): Iterable<ActiveTask> {
    for (const { active, isExpected } of this.#tasks.values()) if (isExpected) yield active;
  }
}

/** Whether its messages can be told from those of others of its kind, which may be drawn beside it. */
export function isRecognisable({ task, hash, interactionId }: ActiveTask): boolean {
  if (exclusiveKey(task.action) === null || interactionId !== null) return true;
  // What shows a job again shares its id with all that do.
  return hash !== null && task.action.kind !== 'show';
}
