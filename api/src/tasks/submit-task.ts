import { databaseErrorCode } from '@midjourney-api/shared/database/connect';
import { acceptTask, InsufficientTokens, type NewTask } from '@midjourney-api/shared/tasks/accept-task';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { createTaskIds } from '@midjourney-api/shared/tasks/task-id';
import type { Context } from 'hono';
import { type AppEnv, apiPrefix, type Dependencies } from '../app-env.ts';
import { Problem } from '../problems/problem.ts';
import { withTimeLimit } from '../time-limit.ts';
import { createWaitingLimit } from './waiting-limit.ts';

/** A task as a route has validated it. */
export type TaskRequest = Pick<NewTask, 'triggerType' | 'action' | 'prompt'> &
  Partial<Pick<NewTask, 'index' | 'parentId' | 'account'>>;

/** The fields that every submit body has. */
interface SubmitBody {
  state?: string | null;
  notify_hook?: string | null;
}

export type SubmitTask = (c: Context<AppEnv>, request: TaskRequest, body: SubmitBody) => Promise<Task>;

/**
 * The one way in for a task: waiting limit, one token and the task in MySQL, then its job in Redis.
 * A job that cannot be added is no reason to refuse: the task is in MySQL, and lost jobs are added again.
 */
export function createSubmitTask({
  config,
  db,
  queues,
  log,
  clock = () => new Date(),
}: Dependencies): SubmitTask {
  const newTaskId = createTaskIds();
  const waitingLimit = createWaitingLimit(queues.drawings, config.WAITING_LIMIT);

  const accept = async (task: Omit<NewTask, 'id'>, attemptsLeft = 2): Promise<Task> => {
    try {
      return await acceptTask(db, { ...task, id: newTaskId() }, clock());
    } catch (error) {
      // Two processes may, rarely, make the same id; the primary key noticed.
      if (databaseErrorCode(error) === 'ER_DUP_ENTRY' && attemptsLeft > 0)
        return accept(task, attemptsLeft - 1);
      throw error;
    }
  };

  return async (c, request, body) => {
    const user = c.get('user');
    if (await waitingLimit.isReached()) {
      throw new Problem(
        'queue_full',
        'Too many tasks are waiting. Nothing was charged; try again in a moment.',
        {
          headers: { 'Retry-After': '10' },
        },
      );
    }
    const task = await accept({
      index: null,
      parentId: null,
      account: null,
      ...request,
      userId: user.id,
      state: body.state ?? null,
      notifyHook: body.notify_hook ?? null,
    }).catch((error) => {
      if (!(error instanceof InsufficientTokens)) throw error;
      throw new Problem(
        'insufficient_tokens',
        `All ${user.tokenTotal} tokens of ${user.userName} are used or reserved. Ask the operator for more.`,
      );
    });

    const line = { request_id: c.get('requestId'), task: task.id, user: user.userName };
    log.info({ ...line, trigger_type: task.triggerType }, 'task accepted, one token reserved');
    await withTimeLimit(queues.addTask(task), 1_000).catch((err) => {
      log.warn({ ...line, err }, 'the job could not be added now; it is added when lost jobs are looked for');
    });

    c.header('Location', `${apiPrefix}/task/${task.id}`);
    return task;
  };
}

/** The body that a submit is answered with. */
export function submitAnswer(task: Task) {
  return {
    message: 'success' as const,
    trigger_id: task.id,
    trigger_type: task.triggerType,
    status: 'queued' as const,
    ...(task.parentId && { parent_trigger_id: task.parentId }),
  };
}
