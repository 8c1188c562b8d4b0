import type { NewTask } from '@midjourney-api/shared/tasks/accept-task';
import type { Bot } from '@midjourney-api/shared/tasks/task';

/** A task as far as its kind decides it: what `submit` accepts and a worker sends to Midjourney. */
export type TaskRequest = Pick<NewTask, 'triggerType' | 'action' | 'prompt'> &
  Partial<Pick<NewTask, 'index' | 'speed' | 'parentId' | 'account' | 'warnings' | 'mask'>>;

/** The part of an action that says whose it is: nothing for the Midjourney Bot's. */
export function ofBot(bot: Bot | null | undefined): { bot?: Bot } {
  return bot && bot !== 'midjourney' ? { bot } : {};
}
