import { audited } from '@midjourney-api/shared/audit/audit';
import type { AuditDetail } from '@midjourney-api/shared/audit/audit-actions';
import type { Database } from '@midjourney-api/shared/database/connect';
import { setUserDisabled } from '@midjourney-api/shared/users/change-user';
import { checkNothingOpen, deleteUser, getUser } from '@midjourney-api/shared/users/users';
import type { PictureStore } from '../../api/src/pictures/picture-store.ts';
import { deleteTasksOfUser } from '../../api/src/reconciler/delete-tasks.ts';
import type { CommandContext } from '../command-context.ts';
import { Complaint } from '../complaint.ts';

/**
 * Deletes a user, and with `erase` their tasks and pictures before: whatever interrupts it, it can be run again.
 * @returns what was done, for people.
 * @throws {UserError} while tasks are open.
 */
export async function removeUser(
  db: Database,
  nameOrKey: string,
  { erase, openPictures, actor }: { erase: boolean } & Pick<CommandContext, 'openPictures' | 'actor'>,
): Promise<string> {
  const { id, userName } = await getUser(db, nameOrKey);
  const deleted = erase ? await eraseTasks({ db, pictures: openPictures() }, id, userName) : undefined;
  const write = { actor, action: 'users.delete' as const, target: userName };
  const detail: AuditDetail = { erase, ...(deleted !== undefined && { tasks: deleted }) };
  await audited(db, { ...write, detail }, (tx) => deleteUser(tx, userName));
  const tasks = deleted === undefined ? 'Their tasks and pictures stay.' : `${deleted} tasks are erased.`;
  return `The user "${userName}" is deleted. ${tasks}`;
}

async function eraseTasks(
  stores: { db: Database; pictures: PictureStore | undefined },
  userId: number,
  userName: string,
): Promise<number> {
  await checkNothingOpen(stores.db, { id: userId, userName });
  // So that nothing is submitted in the meantime.
  await setUserDisabled(stores.db, userName, true);
  const { deleted, isAll } = await deleteTasksOfUser(stores, userId);
  if (!isAll) throw new Complaint('Some tasks are being changed at this moment: run the command again.');
  return deleted;
}
