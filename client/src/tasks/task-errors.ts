import type { Task } from '../schema.ts';

/** The task was accepted and has failed. Its token was returned. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed';
  /** For programs. */
  readonly code: NonNullable<Task['fail_code']>;
  /** For people; the message, too. */
  readonly reason: string;
  readonly task: Task;

  constructor(task: Task) {
    const reason = task.fail_reason ?? 'The task failed.';
    super(reason);
    this.code = task.fail_code ?? 'internal';
    this.reason = reason;
    this.task = task;
  }
}

/** The task had not ended within the time that it was waited for. It continues. */
export class TaskTimeout extends Error {
  override readonly name = 'TaskTimeout';
  readonly id: string;

  constructor(id: string, status: Task['status'], ms: number) {
    super(`Task ${id} is still ${status} after ${ms} ms. It continues: wait for it again, or cancel it.`);
    this.id = id;
  }
}
