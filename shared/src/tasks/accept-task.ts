import { inRounds } from '../concurrency/in-rounds.ts';
import { type Database, isDatabaseUnreachable } from '../database/connect.ts';
import { insertRows } from '../database/insert-rows.ts';
import { tasks } from '../database/schema.ts';
import { InsufficientTokens, lockTokensLeft, reserveTokens } from '../tokens/ledger.ts';
import {
  findTakenKeys,
  IdempotencyKeyTaken,
  keyOf,
  type RepeatableRequest,
  storeIdempotencyKeys,
} from './idempotency.ts';
import type { HookDialect, Notify, PromptIssue, Speed, TaskAction, TriggerType } from './task.ts';
import type { TaskId } from './task-id.ts';
import { storeMasks } from './task-masks.ts';
import { lockWindows, removeWindows, WindowClosed } from './windows.ts';

export interface NewTask {
  id: TaskId;
  userId: number;
  triggerType: TriggerType;
  action: TaskAction;
  prompt: string;
  index: number | null;
  speed: Speed | null;
  parentId: TaskId | null;
  account: string | null;
  warnings: PromptIssue[] | null;
  /** See `taskMasks`. */
  mask?: Buffer | undefined;
  /** Whether it comes from the window with this id. */
  fromWindow?: boolean | undefined;
  state: string | null;
  notifyHook: string | null;
  notify: Notify;
  hookDialect: HookDialect;
  requestId: string | null;
  createdAt: Date;
}

/**
 * Accepts a task: reserves one token and stores the task, both or neither. From here on it is never lost.
 * A repeatable request's key is stored with them, so that repeating it finds this task.
 * @throws {InsufficientTokens} if the user's balance is used up; nothing is stored.
 * @throws {IdempotencyKeyTaken} if the request's key belongs to an earlier task; nothing is stored.
 * @throws {WindowClosed} if the task's window is gone; nothing is stored.
 */
export type AcceptTask = <T extends NewTask>(task: T, request?: RepeatableRequest) => Promise<T>;

interface Submit {
  task: NewTask;
  request: RepeatableRequest | undefined;
}

type Outcome =
  | 'accepted'
  | 'insufficient tokens'
  | 'key taken'
  | 'window closed'
  /** Another process has locked the user, and the transaction did not wait for it. */
  | 'user locked'
  /** The transaction was rolled back, because of one of the submits that shared it. */
  | 'undone';

/**
 * Concurrent submits share a transaction (group commit), because most of its cost is waiting for the disk. Each still gets
 * its own outcome. A submit that cannot share the transaction runs on its own: submits of a user that another process has
 * locked wait separately, and after an error each is tried alone, so that the error affects only the submit that caused
 * it.
 */
export function createAcceptTask(db: Database): AcceptTask {
  const together = inRounds((submits: Submit[]) => acceptTogether(db, submits));
  const withinUser = inRounds((submits: Submit[]) => acceptTogether(db, submits, { waitForUsers: true }), {
    laneOf: ({ task }) => task.userId,
  });

  return async (task, request) => {
    const submit = { task, request };
    let outcome = await together(submit);
    if (outcome === 'user locked') outcome = await withinUser(submit);
    if (outcome === 'undone') outcome = await acceptAlone(db, submit);
    if (outcome === 'insufficient tokens') throw new InsufficientTokens();
    if (outcome === 'key taken') throw new IdempotencyKeyTaken();
    if (outcome === 'window closed') throw new WindowClosed();
    return task;
  };
}

async function acceptTogether(
  db: Database,
  submits: Submit[],
  options?: { waitForUsers: boolean },
): Promise<Outcome[]> {
  try {
    return await accept(db, submits, options);
  } catch (error) {
    // MySQL may have committed it before the connection broke: it must not be tried again.
    if (submits.length === 1 || isDatabaseUnreachable(error)) throw error;
    return submits.map(() => 'undone');
  }
}

async function acceptAlone(db: Database, submit: Submit): Promise<Outcome> {
  const [outcome = 'undone'] = await accept(db, [submit], { waitForUsers: true });
  return outcome;
}

/** One transaction: users are locked first, as everywhere, so that two changes never deadlock. */
function accept(
  db: Database,
  submits: Submit[],
  { waitForUsers = false }: { waitForUsers?: boolean } = {},
): Promise<Outcome[]> {
  return db.transaction(async (tx) => {
    const userIds = submits.map(({ task }) => task.userId);
    const tokensLeft = await lockTokensLeft(tx, userIds, { skipLocked: !waitForUsers });
    const requests = submits.flatMap(({ request }) => request ?? []);
    const now = Math.max(...submits.map(({ task }) => task.createdAt.getTime()));
    const takenKeys = await findTakenKeys(tx, requests, new Date(now));
    const openWindows = await lockWindows(tx, windowsOf(submits));

    const accepted: Submit[] = [];
    const outcomes = submits.map((submit): Outcome => {
      const { task, request } = submit;
      const left = tokensLeft.get(task.userId);
      if (left === undefined) return waitForUsers ? 'insufficient tokens' : 'user locked';
      if (left === 0) return 'insufficient tokens';
      if (task.fromWindow && !openWindows.delete(task.id)) return 'window closed';
      if (request) {
        if (takenKeys.has(keyOf(request))) return 'key taken';
        takenKeys.add(keyOf(request));
      }
      tokensLeft.set(task.userId, left - 1);
      accepted.push(submit);
      return 'accepted';
    });
    if (accepted.length === 0) return outcomes;

    await reserveTokens(
      tx,
      accepted.map(({ task }) => ({ userId: task.userId, taskId: task.id })),
    );
    await storeIdempotencyKeys(
      tx,
      accepted.flatMap(({ task, request }) =>
        request ? { ...request, taskId: task.id, createdAt: task.createdAt } : [],
      ),
    );
    await insertRows(
      tx,
      tasks,
      storedOfNewTask,
      accepted.map(({ task }) => ({ ...task, status: 'queued' })),
    );
    await storeMasks(
      tx,
      accepted.map(({ task }) => task),
    );
    await removeWindows(tx, windowsOf(accepted));
    return outcomes;
  });
}

function windowsOf(submits: Submit[]): TaskId[] {
  return submits.flatMap(({ task }) => (task.fromWindow ? task.id : []));
}

/** The columns that a new task fills; the defaults of the others equal `notSentYet`. */
const storedOfNewTask = [
  'id',
  'userId',
  'triggerType',
  'action',
  'status',
  'prompt',
  'index',
  'speed',
  'parentId',
  'account',
  'warnings',
  'state',
  'notifyHook',
  'notify',
  'hookDialect',
  'requestId',
  'createdAt',
] as const;

/** The values of a task that no worker has sent yet. */
export const notSentYet = {
  progress: 0,
  sendAttempts: 0,
  nonce: null,
  sentAt: null,
  sentAfterMessageId: null,
  exclusiveKey: null,
  interactionId: null,
  progressMessageId: null,
  previewUrl: null,
  jobId: null,
  jobEndedAt: null,
  waitReason: null,
  retryAt: null,
  postponedAt: null,
  resultMessageId: null,
  messageId: null,
  messageFlags: null,
  messageHash: null,
  imageUrl: null,
  imageFile: null,
  durationMs: null,
  imageCopy: null,
  mediaType: null,
  width: null,
  height: null,
  buttons: null,
  texts: null,
  analysis: null,
  drawn: null,
  lateResult: null,
  failCode: null,
  failReason: null,
  failDetail: null,
  version: 1,
  cancelRequestedAt: null,
  submittedAt: null,
  startedAt: null,
  finishedAt: null,
  progressedAt: null,
};
