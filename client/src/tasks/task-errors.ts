import type { Task } from '../schema.ts';

/** The task was accepted and has failed. Its token was refunded. */
export class TaskFailed extends Error {
  override readonly name = 'TaskFailed';
  /** For programs. */
  readonly code: NonNullable<Task['fail_code']>;
  /** For people; also the `message`. */
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

/** The task did not end within the given time. It continues. */
export class TaskTimeout extends Error {
  override readonly name = 'TaskTimeout';
  readonly id: string;

  constructor(id: string, status: Task['status'], ms: number) {
    super(`Task ${id} is still ${status} after ${ms} ms. It continues: wait for it again, or cancel it.`);
    this.id = id;
  }
}
