import { isDeepStrictEqual } from 'node:util';
import type { HookDialect, Task } from '../tasks/task.ts';
import type { MjTaskView } from '../tasks/views/mj-task-schema.ts';
import { viewMjTask } from '../tasks/views/mj-task-view.ts';
import { viewTask } from '../tasks/views/task-view.ts';
import type { NoticeBody } from './notice-body.ts';

/** The body of a notice, in the dialect in which the task was submitted. */
type AnyNotice = NoticeBody | MjTaskView;

/** @returns the notice of a change; undefined if clients of the dialect see no change. */
type RenderNotice = (
  before: Task,
  after: Task,
  now: Date,
  picturesAt: string | undefined,
) => AnyNotice | undefined;

export const renderNotice: Record<HookDialect, RenderNotice> = {
  v1(before, after, now, picturesAt) {
    const data = viewTask(after, picturesAt);
    if (isDeepStrictEqual(viewTask(before, picturesAt), data)) return undefined;
    return { type: `task.${after.status}`, timestamp: now.toISOString(), data };
  },
  /** The task itself, at each change of status or progress once it has been sent. */
  mj(before, after, _now, picturesAt) {
    const [was, is] = [viewMjTask(before, picturesAt), viewMjTask(after, picturesAt)];
    const isNews = was.status !== is.status || was.progress !== is.progress;
    return isNews && is.status !== 'NOT_START' ? is : undefined;
  },
};

/** Whether the task ended with this change. */
export function isFinalNotice(body: AnyNotice): boolean {
  const status = 'status' in body ? body.status : body.data.status;
  return isEnd[status];
}

const isEnd: Record<MjTaskView['status'] | NoticeBody['data']['status'], boolean> = {
  queued: false,
  submitted: false,
  running: false,
  succeeded: true,
  failed: true,
  NOT_START: false,
  SUBMITTED: false,
  IN_PROGRESS: false,
  MODAL: false,
  SUCCESS: true,
  FAILURE: true,
};
