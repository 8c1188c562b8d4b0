import { inRounds } from '@midjourney-api/shared/concurrency/in-rounds';
import { databaseErrorCode } from '@midjourney-api/shared/database/connect';
import { objectionToUrl } from '@midjourney-api/shared/outbound/public-address';
import type { WaitingTask } from '@midjourney-api/shared/queues/queues';
import { createAcceptTask, type NewTask } from '@midjourney-api/shared/tasks/accept-task';
import {
  findFirstSubmit,
  IdempotencyKeyTaken,
  type RepeatableRequest,
  repeatableRequest,
} from '@midjourney-api/shared/tasks/idempotency';
import type { Notify, Task } from '@midjourney-api/shared/tasks/task';
import { InsufficientTokens } from '@midjourney-api/shared/tokens/ledger';
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import type { Dependencies } from '../dependencies.ts';
import { type AppEnv, apiPrefix } from '../http/app-env.ts';
import { readIdempotencyKey } from '../http/v1/fields.ts';
import { checkAccountOf } from '../queries/account-for-task.ts';
import { withTimeLimit } from '../time-limit.ts';
import { createUserWaitingLimit } from './admission/user-waiting-limit.ts';
import { createWaitingLimit } from './admission/waiting-limit.ts';
import { invalidField, keyOfAnotherRequest, noTokenLeft, Refusal } from './refusal.ts';

/** A task as a route has validated it. */
export type TaskRequest = Pick<NewTask, 'triggerType' | 'action' | 'prompt'> &
  Partial<Pick<NewTask, 'index' | 'speed' | 'parentId' | 'account'>>;

/** The fields that every submit body has. */
interface SubmitBody {
  state?: string | null;
  notify_hook?: string | null;
  notify?: Notify | null;
}

/** What a submit is answered with. */
type SubmittedTask = Pick<NewTask, 'id' | 'triggerType' | 'parentId'>;

/**
 * Submits the task that `prepare` makes of the body. It is not called for a repeated submit, whose answer is the
 * first one's even if by now the prompt is banned, the parent gone or the balance used up.
 */
export type SubmitTask = (
  c: Context<AppEnv>,
  body: SubmitBody,
  prepare: () => TaskRequest | Promise<TaskRequest>,
) => Promise<SubmittedTask>;

/**
 * The one way in for a task: waiting limit, one token and the task in MySQL, then its job in Redis.
 * A job that cannot be added is no reason to refuse: the task is in MySQL, and lost jobs are added again.
 * With an `Idempotency-Key`, a repeated submit is answered with the first one's task.
 */
export function createSubmitTask({
  config,
  db,
  queues,
  log,
  newTaskId,
  clock = () => new Date(),
}: Dependencies): SubmitTask {
  const waitingLimit = createWaitingLimit(queues.everyDrawings, config.WAITING_LIMIT);
  const waitingOfUser = createUserWaitingLimit(db, config.WAITING_LIMIT_PER_USER);

  const acceptTask = createAcceptTask(db);
  const addJob = inRounds(async (tasks: WaitingTask[]) => {
    await withTimeLimit(queues.addTasks(tasks), 1_000);
    return tasks.map(() => undefined);
  });

  const accept = async (
    task: Omit<NewTask, 'id'>,
    repeatable: RepeatableRequest | undefined,
    attemptsLeft = 2,
  ): Promise<NewTask> => {
    try {
      return await acceptTask({ ...task, id: newTaskId() }, repeatable);
    } catch (error) {
      // Two processes may, rarely, make the same id; the primary key noticed.
      if (databaseErrorCode(error) === 'ER_DUP_ENTRY' && attemptsLeft > 0)
        return accept(task, repeatable, attemptsLeft - 1);
      throw error;
    }
  };

  /** The task of the first submit under the request's key, if there was one. */
  const findFirst = async (repeatable: RepeatableRequest): Promise<Task | undefined> => {
    const first = await findFirstSubmit(db, repeatable, clock());
    if (first && !first.sameRequest) throw keyOfAnotherRequest();
    return first?.task;
  };

  /** What the hook's name leads to is checked when it is called: it may be another address by then. */
  const checkHook = ({ notify_hook }: SubmitBody) => {
    if (!notify_hook) return;
    const message = objectionToUrl(notify_hook, { allowPrivate: config.ALLOW_PRIVATE_HOOKS });
    if (message) throw invalidField('notify_hook', message);
  };

  const createTask = async (
    c: Context<AppEnv>,
    request: TaskRequest,
    body: SubmitBody,
    repeatable: RepeatableRequest | undefined,
  ): Promise<SubmittedTask> => {
    const user = c.get('user');
    if ((await waitingLimit.isReached()) || (await waitingOfUser.isReached(user.id))) {
      throw new Refusal(
        'queue_full',
        'Too many tasks are waiting. Nothing was charged; try again in a moment.',
        { retryAfter: 10 },
      );
    }
    await checkAccountOf({ account: null, speed: null, ...request }, db);
    const task = await accept(
      {
        index: null,
        speed: null,
        parentId: null,
        account: null,
        ...request,
        userId: user.id,
        state: body.state ?? null,
        notifyHook: body.notify_hook || null,
        notify: body.notify ?? 'all',
        requestId: c.get('requestId'),
        createdAt: clock(),
      },
      repeatable,
    ).catch((error) => {
      throw error instanceof InsufficientTokens ? noTokenLeft(user) : error;
    });

    const line = { request_id: c.get('requestId'), task: task.id, user: user.userName };
    log.info({ ...line, trigger_type: task.triggerType }, 'task accepted, one token reserved');
    const { id, userId, account, speed, triggerType, prompt } = task;
    const { userName, priority } = user;
    await addJob({ id, userId, account, speed, triggerType, prompt, userName, priority }).catch((err) => {
      log.warn({ ...line, err }, 'the job could not be added now; it is added when lost jobs are looked for');
    });
    return task;
  };

  /** Answers with the first submit's task if the request is a repeated one, else submits. */
  const submitOnce = async (
    c: Context<AppEnv>,
    repeatable: RepeatableRequest,
    submit: () => Promise<SubmittedTask>,
  ): Promise<SubmittedTask> => {
    let first = await findFirst(repeatable);
    if (!first) {
      try {
        return await submit();
      } catch (error) {
        // A first submit at the same moment may have been accepted by now, with the last token perhaps.
        if (!(error instanceof IdempotencyKeyTaken || error instanceof Refusal)) throw error;
        first = await findFirst(repeatable);
        // It stands for an upload, or for a task that was deleted.
        if (!first) throw error instanceof IdempotencyKeyTaken ? keyOfAnotherRequest() : error;
      }
    }
    c.header('Idempotency-Replayed', 'true');
    return first;
  };

  return async (c, body, prepare) => {
    const key = readIdempotencyKey(c);
    const repeatable =
      key === undefined
        ? undefined
        : repeatableRequest(c.get('user').id, key, routePath(c), JSON.stringify(body));
    const submit = async () => {
      checkHook(body);
      return createTask(c, await prepare(), body, repeatable);
    };
    const task = repeatable ? await submitOnce(c, repeatable, submit) : await submit();
    c.header('Location', `${apiPrefix}/task/${task.id}`);
    return task;
  };
}

/** The body that a submit is answered with. */
export function submitAnswer(task: SubmittedTask) {
  return {
    message: 'success' as const,
    trigger_id: task.id,
    trigger_type: task.triggerType,
    status: 'queued' as const,
    ...(task.parentId && { parent_trigger_id: task.parentId }),
  };
}
