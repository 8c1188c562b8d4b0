import { inRounds } from '@midjourney-api/shared/concurrency/in-rounds';
import type { Config } from '@midjourney-api/shared/config/config';
import { type Database, databaseErrorCode } from '@midjourney-api/shared/database/connect';
import { objectionToUrl } from '@midjourney-api/shared/outbound/public-address';
import type { Queues, WaitingTask } from '@midjourney-api/shared/queues/queues';
import { createAcceptTask, type NewTask } from '@midjourney-api/shared/tasks/accept-task';
import {
  findFirstSubmit,
  IdempotencyKeyTaken,
  type RepeatableRequest,
  repeatableRequest,
} from '@midjourney-api/shared/tasks/idempotency';
import type { HookDialect, Notify, Task } from '@midjourney-api/shared/tasks/task';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { WindowClosed } from '@midjourney-api/shared/tasks/windows';
import { InsufficientTokens } from '@midjourney-api/shared/tokens/ledger';
import type { User } from '@midjourney-api/shared/users/users';
import type { Clock } from '../clock.ts';
import type { Dependencies } from '../dependencies.ts';
import { withTimeLimit } from '../time-limit.ts';
import { createAdmission } from './admission/admission.ts';
import { invalidField, keyOfAnotherRequest, noTokenLeft, Refusal, windowClosed } from './refusal.ts';
import type { TaskRequest } from './requests/task-request.ts';

/** What a client wants done. */
export interface Order {
  user: User;
  requestId: string;
  /**
   * A function is not called for a repeated submit, which is answered with the first task even if the prompt is banned
   * by now, the parent gone or the balance used up.
   */
  request: TaskRequest | (() => TaskRequest | Promise<TaskRequest>);
  /** Where changes of the task are sent, which changes, and in which dialect. */
  hook?: { url: string; notify: Notify; dialect: HookDialect } | undefined;
  /** The client's own text, returned unchanged. */
  state?: string | null | undefined;
  /**
   * The client's own key for this submit. Repeated with the same body within 24 hours, the submit is answered with the
   * first task and costs nothing.
   */
  once?: { key: string; route: string; body: unknown } | undefined;
  /** The window in which it was prepared, which this closes. The task gets its id. */
  window?: TaskId | undefined;
}

export interface Submitted {
  task: Pick<NewTask, 'id' | 'triggerType' | 'parentId' | 'warnings'>;
  /** Whether the task is that of an earlier submit with the same key. */
  replayed: boolean;
}

/**
 * Accepts a task. Every submit of every dialect ends here.
 * @throws {Refusal} whatever `request` throws; `invalid_request` for a hook that may not be called; `queue_full`;
 * `action_unavailable` when the only account that could do it does not, or its window is closed;
 * `insufficient_tokens`; `idempotency_conflict`. Nothing is reserved then.
 */
export type Submit = (order: Order) => Promise<Submitted>;

/**
 * Checks, then reserves one token and stores the task in MySQL, both or neither, then adds its job in Redis.
 * A job that cannot be added is no reason to refuse: the task is in MySQL, and lost jobs are added again.
 */
export function createSubmit(deps: Dependencies): Submit {
  const { config, db, log, clock } = deps;
  const admit = createAdmission(deps);
  const accept = createAccept(deps);
  const enqueue = createEnqueue(deps.queues);

  const submitNow = async (order: Order, repeatable?: RepeatableRequest) => {
    checkHook(order.hook, config);
    const request = typeof order.request === 'function' ? await order.request() : order.request;
    await admit(order.user, request);
    const task = await accept(newTask(order, request, clock()), repeatable).catch((error) => {
      if (error instanceof InsufficientTokens) throw noTokenLeft(order.user);
      throw error instanceof WindowClosed ? windowClosed() : error;
    });
    const line = { request_id: order.requestId, task: task.id, user: order.user.userName };
    log.info({ ...line, trigger_type: task.triggerType }, 'task accepted, one token reserved');
    await enqueue(waitingTask(task, order.user)).catch((err) => {
      log.warn({ ...line, err }, 'the job could not be added now; the reconciler adds it');
    });
    return task;
  };

  return async function submit(order) {
    const { user, once } = order;
    if (!once) return { task: await submitNow(order), replayed: false };
    const repeatable = repeatableRequest(user.id, once.key, once.route, JSON.stringify(once.body));
    return submitOnce(db, repeatable, clock, () => submitNow(order, repeatable));
  };
}

/** Checks the URL only. What its host name resolves to is checked at each call, since it may change. */
export function checkHook(hook: Order['hook'], { ALLOW_PRIVATE_HOOKS: allowPrivate }: Config): void {
  const objection = hook && objectionToUrl(hook.url, { allowPrivate });
  if (objection) throw invalidField('notify_hook', objection);
}

function newTask({ user, requestId, hook, state, window }: Order, request: TaskRequest, createdAt: Date) {
  return {
    index: null,
    speed: null,
    parentId: null,
    account: null,
    warnings: null,
    ...request,
    userId: user.id,
    state: state ?? null,
    notifyHook: hook?.url ?? null,
    notify: hook?.notify ?? 'all',
    hookDialect: hook?.dialect ?? 'v1',
    requestId,
    createdAt,
    ...(window && { id: window, fromWindow: true }),
  };
}

/** Stores the task under an id of its own, or that of its window, and reserves its token. */
function createAccept({ db, newTaskId }: Pick<Dependencies, 'db' | 'newTaskId'>) {
  const acceptTask = createAcceptTask(db);

  return async function accept(
    task: Omit<NewTask, 'id'> & { id?: TaskId },
    repeatable: RepeatableRequest | undefined,
    attemptsLeft = 2,
  ): Promise<NewTask> {
    try {
      return await acceptTask({ id: newTaskId(), ...task }, repeatable);
    } catch (error) {
      // Rarely, two processes make the same id: then the primary key refuses it.
      if (databaseErrorCode(error) === 'ER_DUP_ENTRY' && !task.id && attemptsLeft > 0)
        return accept(task, repeatable, attemptsLeft - 1);
      throw error;
    }
  };
}

/** Adds jobs. Those of tasks that are accepted together share one round trip. */
function createEnqueue(queues: Pick<Queues, 'addTasks'>) {
  return inRounds(async (tasks: WaitingTask[]) => {
    await withTimeLimit(queues.addTasks(tasks), 1_000);
    return tasks.map(() => undefined);
  });
}

function waitingTask(task: NewTask, { userName, priority }: User): WaitingTask {
  const { id, userId, account, speed, triggerType, prompt } = task;
  return { id, userId, account, speed, triggerType, prompt, userName, priority };
}

/** Answers with the first submit's task if the key has been sent before, else submits. */
async function submitOnce(
  db: Database,
  repeatable: RepeatableRequest,
  clock: Clock,
  submit: () => Promise<NewTask>,
): Promise<Submitted> {
  const earlier = await findFirst(db, repeatable, clock());
  if (earlier) return { task: earlier, replayed: true };
  try {
    return { task: await submit(), replayed: false };
  } catch (error) {
    // A first submit at the same moment may have been accepted meanwhile, perhaps with the last token.
    if (!(error instanceof IdempotencyKeyTaken || error instanceof Refusal)) throw error;
    const first = await findFirst(db, repeatable, clock());
    if (first) return { task: first, replayed: true };
    // The key belongs to an upload, or to a task that was deleted.
    throw error instanceof IdempotencyKeyTaken ? keyOfAnotherRequest() : error;
  }
}

async function findFirst(db: Database, repeatable: RepeatableRequest, now: Date): Promise<Task | undefined> {
  const first = await findFirstSubmit(db, repeatable, now);
  if (first && !first.sameRequest) throw keyOfAnotherRequest();
  return first?.task;
}
