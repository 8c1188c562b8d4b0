import type { Logger } from '@midjourney-api/shared/logging/logger';
import { type ChangeContext, changeTask } from '@midjourney-api/shared/tasks/change-task';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { TaskEvent } from '@midjourney-api/shared/tasks/transition';
import type { WorkerMetrics } from '../metrics.ts';
import { untilMySqlIsBack } from '../mysql-outage.ts';

/** Records in MySQL what an account's session sees of its tasks. */
export interface TaskRecord {
  /**
   * Waits while MySQL is away.
   * @throws {LeaseLost} @throws {OthersUnderWay} as `changeTask` does. @throws when the session stops.
   */
  change(task: Task, event: TaskEvent): Promise<{ task: Task; applied: boolean }>;
  /** Records what nothing depends on: neither waits nor fails. */
  note(task: Task, event: TaskEvent): void;
}

export interface TaskRecordOptions extends ChangeContext {
  metrics: Pick<WorkerMetrics, 'waitingTime'>;
  log: Logger;
}

/** @param stopping aborted when the account's session stops. */
export function createTaskRecord(options: TaskRecordOptions, stopping: AbortSignal): TaskRecord {
  const { metrics, log } = options;

  async function change(task: Task, event: TaskEvent): Promise<{ task: Task; applied: boolean }> {
    const apply = () => changeTask(options, task.id, event, new Date(), task);
    const changed = await untilMySqlIsBack(apply, stopping, log);
    if (!changed) throw new Error(`Task ${task.id} is gone from MySQL.`);
    const { submittedAt, createdAt, triggerType } = changed.task;
    if (changed.applied && event.type === 'submitted' && submittedAt) {
      const seconds = (submittedAt.getTime() - createdAt.getTime()) / 1_000;
      metrics.waitingTime.observe({ trigger_type: triggerType }, seconds);
    }
    return changed;
  }

  return {
    change,
    note(task, event) {
      change(task, event).catch((err) =>
        log.debug({ err, task: task.id, event: event.type }, 'a change of a task could not be recorded'),
      );
    },
  };
}
