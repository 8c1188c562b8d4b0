import type { NewTask } from '@midjourney-api/shared/tasks/accept-task';
import type { Bot } from '@midjourney-api/shared/tasks/task';

/** The part of a task that depends on its kind: what `submit` accepts and a worker sends to Midjourney. */
export type TaskRequest = Pick<NewTask, 'triggerType' | 'action' | 'prompt'> &
  Partial<Pick<NewTask, 'index' | 'speed' | 'parentId' | 'account' | 'warnings' | 'mask'>>;

/** The part of an action that names its bot; empty for the Midjourney Bot. */
export function ofBot(bot: Bot | null | undefined): { bot?: Bot } {
  return bot && bot !== 'midjourney' ? { bot } : {};
}
