import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { TaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { workOf } from '@midjourney-api/shared/tasks/work';
import { type ActiveTask, createActiveTask, mayBeDrawn } from '../../tasks/active-task.ts';
import { cancelTask } from '../../tasks/cancel.ts';
import { type DrawContext, drawTask } from '../../tasks/draw-task.ts';
import type { Outcome } from '../../tasks/follow-state.ts';
import { type GivenUpTasks, isRecognisable } from '../../tasks/given-up.ts';
import { Postponed } from '../../tasks/postpone.ts';
import { sendOf } from '../permits/pacing.ts';
import type { Permit, Permits } from '../permits/permits.ts';
import type { Capacity } from './capacity.ts';
import type { Hearing } from './hearing.ts';

export interface ActiveTasksContext {
  /** Those that are active, which the hearing looks through too. */
  active: Map<TaskId, ActiveTask>;
  givenUp: GivenUpTasks;
  permits: Permits;
  capacity: Capacity;
  hearing: Pick<Hearing, 'ended' | 'heardNothing'>;
  drawing: DrawContext;
  changes: TaskChanges;
  /** Aborted when the account's session stops. */
  stopping: AbortSignal;
}

/** Runs an account's tasks from their permit until their outcome is committed; what is given up is then still expected. */
export class ActiveTasks {
  readonly #context: ActiveTasksContext;

  constructor(context: ActiveTasksContext) {
    this.#context = context;
  }

  get isEmpty(): boolean {
    return this.#context.active.size === 0;
  }

  get(id: TaskId): ActiveTask | undefined {
    return this.#context.active.get(id);
  }

  /** Settles once none is active. */
  async allEnded(): Promise<void> {
    await Promise.allSettled([...this.#context.active.values()].map(({ done }) => done));
  }

  /** Follows a task that is at Midjourney already. */
  resume(task: Task): ActiveTask {
    return this.launch(task, this.#occupy(task));
  }

  /** Expects the picture of a task that another session gave up. */
  expectLate(task: Task): void {
    const active = createActiveTask(task, this.#occupy(task));
    this.#context.givenUp.add(active, {
      isThere: task.failCode !== 'not_started',
      ageMs: Date.now() - (task.finishedAt?.getTime() ?? 0),
      // Drawings that were made for others since may be read from the history now, and read like its own.
      isExpected: isRecognisable(active),
    });
  }

  launch(task: Task, permit: Permit): ActiveTask {
    const { active: tasks, capacity, changes, drawing, stopping } = this.#context;
    const active = createActiveTask(task, permit);
    tasks.set(task.id, active);
    const stopListening = changes.listen(task.id, (change) => {
      if (!isOpen(change)) active.inbox.put({ type: 'ended' });
      else if (change.cancelRequested) cancelTask(active, drawing);
    });
    active.done = drawTask(active, drawing, stopping)
      .then(
        (outcome) => this.#concluded(active, outcome),
        (error) => {
          // Before its slot is free: the next task would take that only to be refused as well.
          if (error instanceof Postponed && error.holdUntil) capacity.slots.hold.until(error.holdUntil);
          active.releaseKey();
          active.slot.release();
          throw stopping.aborted ? stopping.reason : error;
        },
      )
      .finally(() => {
        stopListening();
        tasks.delete(task.id);
      });
    // The job that runs the task sees the error. A task that was resumed at the start may have no job yet.
    active.done.catch(() => {});
    return active;
  }

  #occupy(task: Task): Permit {
    const { permits, drawing } = this.#context;
    return permits.occupy(task, sendOf(task, drawing.user.account));
  }

  #concluded(active: ActiveTask, outcome: Outcome): void {
    const { givenUp, capacity, hearing } = this.#context;
    if (outcome === 'over') {
      active.releaseKey();
      active.slot.release();
      // Midjourney's queue has room for another job.
      capacity.slots.hold.lift();
      hearing.ended(active);
      if (workOf(active.task.action) !== 'nothing') capacity.readFastHours();
      return;
    }
    // Where it cannot be followed, a message that may be about it shows that it is drawn all the same.
    givenUp.add(active, { isThere: outcome === 'given up' || mayBeDrawn(active) });
    if (outcome === 'never started') hearing.heardNothing(active);
  }
}
