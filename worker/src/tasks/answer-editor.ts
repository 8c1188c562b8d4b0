import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { findMask } from '@midjourney-api/shared/tasks/task-masks';
import type { AccountUser } from '../accounts/session/account-user.ts';
import { proxyAt } from '../discord/proxy.ts';
import type { CheckAddresses } from '../midjourney/human-check.ts';
import { type Editor, sendRegion } from '../midjourney/region-editor.ts';
import type { ActiveTask } from './active-task.ts';

export interface EditorContext {
  db: Database;
  user: Pick<AccountUser, 'account' | 'bots'>;
  addresses: Pick<CheckAddresses, 'DISCORDSAYS_URL'>;
  log: Logger;
}

/**
 * Sends a task's region to the editor that its button opened, once.
 * @returns why it was definitely not taken, or undefined when it was or may have been.
 */
export async function answerEditor(
  { task: { id, action } }: Pick<ActiveTask, 'task'>,
  editor: Editor,
  { db, user: { account, bots }, addresses, log }: EditorContext,
  signal: AbortSignal,
): Promise<string | undefined> {
  const mask = await findMask(db, id);
  if (!mask || action.kind !== 'button') return 'The mask of the region is gone.';
  const region = { mask, prompt: action.prompt ?? '' };
  const host = addresses.DISCORDSAYS_URL.replace('{application}', bots.midjourney);
  const { failure, unclear } = await sendRegion(
    editor,
    region,
    { host, proxy: proxyAt(account.proxy) },
    signal,
  );
  if (unclear)
    log.warn({ task: id, unclear }, 'unclear whether Midjourney took the region: it is sent once only');
  return failure;
}
