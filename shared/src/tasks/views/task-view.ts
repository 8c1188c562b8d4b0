import type { ShownTask } from '../find-tasks.ts';
import { isOpen, type TaskStatus } from '../statuses.ts';
import { type Bot, type Button, type FailCode, isClaimable, type Speed, type TriggerType } from '../task.ts';

/** A task as clients see it, in answers and in what their notify_hook is told. Fields without a value are left out. */
export interface TaskView {
  trigger_id: string;
  trigger_type: TriggerType;
  /** Of an `action`: which kind of button it presses. */
  button?: string | undefined;
  bot: Bot;
  status: TaskStatus;
  progress: number;
  prompt: string;
  index?: number | undefined;
  speed?: Speed | undefined;
  parent_trigger_id?: string | undefined;
  msg_id?: string | undefined;
  msg_hash?: string | undefined;
  image_url?: string | undefined;
  media_type?: string | undefined;
  width?: number | undefined;
  height?: number | undefined;
  buttons: Button[];
  texts?: string[] | undefined;
  fail_code?: FailCode | undefined;
  fail_reason?: string | undefined;
  /** Its picture came after it had failed, and can be claimed. What it is, only operators see before that. */
  late_result?: { available: true } | undefined;
  token: 'reserved' | 'spent' | 'refunded';
  state?: string | undefined;
  created_at: string;
  submitted_at?: string | undefined;
  started_at?: string | undefined;
  finished_at?: string | undefined;
}

/**
 * The task as it is shown everywhere.
 * @param imagesAt address under which stored pictures are served; without it, pictures are shown at Discord.
 */
export function viewTask(task: ShownTask, imagesAt?: string): TaskView {
  const stored =
    imagesAt !== undefined && task.imageFile !== null ? `${imagesAt}/${task.imageFile}` : undefined;
  return {
    trigger_id: task.id,
    trigger_type: task.triggerType,
    button: task.action.button,
    bot: task.action.bot ?? 'midjourney',
    status: task.status,
    progress: task.progress,
    prompt: task.prompt,
    index: task.index ?? undefined,
    speed: task.speed ?? undefined,
    parent_trigger_id: task.parentId ?? undefined,
    msg_id: task.messageId ?? undefined,
    msg_hash: task.messageHash ?? undefined,
    image_url: task.imageUrl === null ? undefined : (stored ?? task.imageUrl),
    media_type: task.mediaType ?? undefined,
    width: task.width ?? undefined,
    height: task.height ?? undefined,
    buttons: task.buttons ?? [],
    texts: task.texts ?? undefined,
    fail_code: task.failCode ?? undefined,
    fail_reason: task.failReason ?? undefined,
    late_result: isClaimable(task) ? { available: true } : undefined,
    token: tokenOf(task),
    state: task.state ?? undefined,
    created_at: task.createdAt.toISOString(),
    submitted_at: task.submittedAt?.toISOString(),
    started_at: task.startedAt?.toISOString(),
    finished_at: task.finishedAt?.toISOString(),
  };
}

/** What became of the task's token; the transaction that finishes a task moves it. */
function tokenOf(task: ShownTask): TaskView['token'] {
  if (isOpen(task)) return 'reserved';
  return task.status === 'succeeded' ? 'spent' : 'refunded';
}
