import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isGrid } from '@midjourney-api/shared/tasks/picture';
import { isOpen, openStatuses, type TaskStatus } from '@midjourney-api/shared/tasks/statuses';
import { type FailCode, failCodes } from '@midjourney-api/shared/tasks/task';
import { viewTask } from '@midjourney-api/shared/tasks/views/task-view';

/** The original service's `task_status`. */
export const taskStates = ['RUNNING', 'FINISH', 'TIMEOUT', 'BANNED', 'ERROR'] as const;
type TaskState = (typeof taskStates)[number];

const stateOfFailure: Record<FailCode, Extract<TaskState, 'TIMEOUT' | 'BANNED' | 'ERROR'>> = {
  timeout: 'TIMEOUT',
  not_started: 'TIMEOUT',
  banned: 'BANNED',
  moderated: 'BANNED',
  rejected: 'ERROR',
  invalid_parameter: 'ERROR',
  stopped: 'ERROR',
  released: 'ERROR',
  cancelled: 'ERROR',
  account_unavailable: 'ERROR',
  verification_required: 'ERROR',
  internal: 'ERROR',
};

/**
 * How long a grid that has no copy here yet counts as being drawn. Its clients ask no more once they have its links:
 * without a copy there is one for all four pictures, and it expires.
 */
const patienceMs = 30_000;

/** When and where a task is looked at. */
export interface Viewpoint {
  /** Address under which stored pictures are served; undefined: none are kept. */
  picturesAt: string | undefined;
  now: Date;
}

/** Answer to `GET /task/{id}`. */
export function viewTaskAsOriginal(task: ShownTask, viewpoint: Viewpoint) {
  const state = stateOf(task, viewpoint);
  if (state === 'RUNNING')
    return { status: 'SUBMITTED', message: `The task is ${task.status}, at ${task.progress} %.` };
  if (state !== 'FINISH') return viewFailure(task.failReason ?? 'The task failed.');
  return {
    status: 'SUCCESS',
    imageUrl: linksOf(task, viewpoint),
    buttons: { msg_id: task.messageId, msg_hash: task.messageHash },
    ...(task.texts && { texts: task.texts }),
  };
}

/** Its clients show `failReason`, which the original service never sent. */
export function viewFailure(reason: string) {
  return { status: 'FAILURE', message: reason, failReason: reason };
}

/** Answer to `GET /result/{id}`. */
export function viewResult(task: ShownTask, viewpoint: Viewpoint) {
  const state = stateOf(task, viewpoint);
  return {
    code: 0 as const,
    data: { task_status: state, ...(state === 'FINISH' && { file_url: linksOf(task, viewpoint) }) },
  };
}

/** A row of `GET /tasks`, with the columns of the original service's table `midjourney_task`. */
export function viewRow(task: ShownTask, viewpoint: Viewpoint) {
  const state = stateOf(task, viewpoint);
  const press = task.action.kind === 'button' ? parseCustomId(task.action.customId) : undefined;
  return {
    id: Number(task.id),
    task_name: task.triggerType,
    task_id: task.id,
    trigger_id: task.id,
    ref_pic_url: pictureBeforePrompt(task),
    image_index: task.index,
    msg_id: task.messageId,
    msg_hash: task.messageHash,
    zoom_out: press?.kind === 'zoom' ? press.percent : null,
    direction: press?.kind === 'pan' ? press.direction : null,
    task_type: task.triggerType,
    task_status: state,
    result_url: state === 'FINISH' ? linksOf(task, viewpoint) : null,
    attachments: state === 'FINISH' ? attachmentsOf(task, viewpoint) : null,
    prompts: task.prompt,
    created_at: dateTime(task.createdAt),
    updated_at: dateTime(task.finishedAt ?? task.startedAt ?? task.submittedAt ?? task.createdAt),
  };
}

/** Which tasks have this `task_status`; none for a word that is not one. */
export function tasksInState(state: string): { statuses: readonly TaskStatus[]; failCodes?: FailCode[] } {
  switch (state) {
    case 'RUNNING':
      return { statuses: openStatuses };
    case 'FINISH':
      return { statuses: ['succeeded'] };
    default:
      return { statuses: ['failed'], failCodes: failCodes.filter((code) => stateOfFailure[code] === state) };
  }
}

function stateOf(task: ShownTask, { picturesAt, now }: Viewpoint): TaskState {
  if (isOpen(task)) return 'RUNNING';
  if (task.status === 'failed') return stateOfFailure[task.failCode ?? 'internal'];
  const awaitsCopy = picturesAt !== undefined && isGrid(task) && task.imageFile === null;
  const endedMs = now.getTime() - (task.finishedAt ?? task.createdAt).getTime();
  return awaitsCopy && endedMs < patienceMs ? 'RUNNING' : 'FINISH';
}

/** Of a grid the four pictures apart, in reading order, where a copy of it is kept. */
function linksOf(task: ShownTask, { picturesAt }: Viewpoint): string {
  const link = viewTask(task, picturesAt).image_url ?? '';
  const isKept = picturesAt !== undefined && task.imageFile !== null;
  return isKept && isGrid(task) ? [1, 2, 3, 4].map((part) => `${link}?part=${part}`).join('||') : link;
}

/** The picture as a whole, as Discord describes an attachment. */
function attachmentsOf(task: ShownTask, { picturesAt }: Viewpoint) {
  const url = viewTask(task, picturesAt).image_url;
  if (url === undefined) return [];
  return [{ url, content_type: task.mediaType, width: task.width, height: task.height }];
}

/** The picture to start from; it goes before the prompt. */
function pictureBeforePrompt({ action, prompt }: ShownTask): string | null {
  if (action.kind !== 'imagine') return null;
  const link = /^https?:\/\/\S+(?= )/.exec(action.prompt)?.[0];
  return link !== undefined && !prompt.startsWith(link) ? link : null;
}

/** As Python writes a time without its zone, UTC. */
function dateTime(at: Date): string {
  return at.toISOString().slice(0, 19);
}
