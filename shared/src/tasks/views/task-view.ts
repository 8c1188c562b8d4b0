import { showButton } from '../../midjourney/buttons.ts';
import type { ShownTask } from '../find-tasks.ts';
import { hasPoster, previewName } from '../picture.ts';
import { isOpen } from '../statuses.ts';
import { isClaimable } from '../task.ts';
import type { TaskView } from './task-schema.ts';

/**
 * The task as clients see it.
 * @param picturesAt base URL of stored pictures; without it, links lead to Discord
 */
export function viewTask(task: ShownTask, picturesAt?: string): TaskView {
  const stored = storedLink(task, picturesAt);
  return {
    trigger_id: task.id,
    trigger_type: task.triggerType,
    button: task.action.button,
    bot: task.action.bot ?? 'midjourney',
    status: task.status,
    progress: task.progress,
    prompt: task.prompt,
    sent_prompt: sentPromptOf(task),
    index: task.index ?? undefined,
    speed: task.speed ?? undefined,
    parent_trigger_id: task.parentId ?? undefined,
    msg_id: task.messageId ?? undefined,
    msg_hash: task.messageHash ?? undefined,
    image_url: imageLink(task, picturesAt),
    preview_url: previewLink(task, picturesAt),
    media_type: task.mediaType ?? undefined,
    duration: task.imageUrl === null || task.durationMs === null ? undefined : tenths(task.durationMs),
    poster_url: task.imageUrl !== null && stored && hasPoster(task) ? `${stored}?poster=1` : undefined,
    width: task.width ?? undefined,
    height: task.height ?? undefined,
    buttons: (task.buttons ?? []).map(showButton),
    texts: task.texts ?? undefined,
    analysis: task.analysis ?? undefined,
    drawn: task.drawn ?? undefined,
    warnings: task.warnings ?? undefined,
    fail_code: task.failCode ?? undefined,
    fail_reason: task.failReason ?? undefined,
    late_result: isClaimable(task) ? { available: true } : undefined,
    token: tokenOf(task),
    ...postponementOf(task),
    state: task.state ?? undefined,
    created_at: task.createdAt.toISOString(),
    submitted_at: task.submittedAt?.toISOString(),
    started_at: task.startedAt?.toISOString(),
    finished_at: task.finishedAt?.toISOString(),
  };
}

function sentPromptOf({ action, prompt }: ShownTask): string | undefined {
  return 'prompt' in action && action.prompt !== prompt ? action.prompt : undefined;
}

function storedLink({ imageFile }: ShownTask, picturesAt: string | undefined): string | undefined {
  return picturesAt !== undefined && imageFile !== null ? `${picturesAt}/${imageFile}` : undefined;
}

/** The link to the finished picture: here once it is stored, until then at Discord. */
export function imageLink(task: ShownTask, picturesAt: string | undefined): string | undefined {
  return task.imageUrl === null ? undefined : (storedLink(task, picturesAt) ?? task.imageUrl);
}

/** The link to the unfinished picture, if there is one. */
export function previewLink(task: ShownTask, picturesAt: string | undefined): string | undefined {
  const name = previewName(task);
  if (name === undefined || task.previewUrl === null) return undefined;
  return picturesAt === undefined ? task.previewUrl : `${picturesAt}/previews/${name}`;
}

/** A postponed task is sent before all waiting ones when its time has come. */
function postponementOf({ status, retryAt, waitReason }: ShownTask): Pick<TaskView, 'queue' | 'retry_at'> {
  if (status !== 'queued' || retryAt === null) return {};
  return { queue: { position: 1, reason: waitReason ?? undefined }, retry_at: retryAt.toISOString() };
}

/** Seconds, rounded to tenths: frames of a webp last whole milliseconds, so their sum is slightly off. */
function tenths(ms: number): number {
  return Math.round(ms / 100) / 10;
}

/** The state of the task's token, which follows from its status. */
function tokenOf(task: ShownTask): TaskView['token'] {
  if (isOpen(task)) return 'reserved';
  return task.status === 'succeeded' ? 'spent' : 'refunded';
}
