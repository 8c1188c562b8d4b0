import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import { type ShownTask, shownColumns } from '@midjourney-api/shared/tasks/find-tasks';
import { searchTasks, type TaskSearch } from '@midjourney-api/shared/tasks/search-tasks';
import type { TaskStatus } from '@midjourney-api/shared/tasks/statuses';
import type { TriggerType } from '@midjourney-api/shared/tasks/task';
import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { User } from '@midjourney-api/shared/users/users';
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import { requireOperator, userToShow } from './access.ts';
import { findTasksOfPicture, type PictureClue } from './tasks-of-picture.ts';

interface TaskPage {
  page: ShownTask[];
  /** Where the next page starts; null on the last one. */
  nextCursor: string | null;
}

/** What only operators may search by is refused to others. `before`: only tasks older than this one. */
interface TaskQuery extends Omit<TaskSearch, 'userId' | 'ids'> {
  userName?: string | undefined;
  /** What must be known of their picture. */
  clues?: PictureClue[];
}

/**
 * The caller's tasks, newest first; an operator's query finds everybody's.
 * @throws {Refusal} forbidden for a search that is for operators; not_found when there is no such user.
 */
export type ListTasks = (caller: User, query: TaskQuery) => Promise<TaskPage>;

export function createListTasks(db: Database): ListTasks {
  const listOwnTasks = createListOwnTasks(db);
  return async (caller, { userName, limit, clues = [], ...search }) => {
    const { account, failCode, q, bot, button, status, triggerType, before } = search;
    if ([userName, account, failCode, q].some((given) => given !== undefined)) requireOperator(caller);
    const isPlain = bot === undefined && button === undefined && clues.length === 0;
    if (caller.role !== 'operator' && isPlain)
      return listOwnTasks({ userId: caller.id, status, triggerType, before, limit });
    const userId = await userToShow(db, caller, userName);
    const ids = await findIds(db, clues);
    return pageOf(limit, (most) => searchTasks(db, { ...search, userId, ids, limit: most }));
  };
}

/** The tasks for which all clues are true. Looked up by themselves, each finds its index; undefined without any. */
async function findIds(db: Database, clues: PictureClue[]): Promise<TaskId[] | undefined> {
  const [first, ...others] = await Promise.all(clues.map((clue) => findTasksOfPicture(db, clue)));
  return first?.filter((id) => others.every((ids) => ids.includes(id)));
}

export interface OwnTasksFilter {
  userId: number;
  status?: TaskStatus | undefined;
  triggerType?: TriggerType | undefined;
  before?: TaskId | undefined;
  limit: number;
}

/** Each kind of filter has a query of its own, put together once: that costs as much as reading the page. */
export function createListOwnTasks(
  db: Pick<Database, 'select'>,
): (filter: OwnTasksFilter) => Promise<TaskPage> {
  const prepared = new Map<string, ReturnType<typeof prepareList>>();
  return async ({ limit, ...filter }) => {
    const { status, triggerType, before } = filter;
    const kind = [status && 'status', triggerType && 'type', before && 'before'].join();
    const query = prepared.get(kind) ?? prepareList(db, filter);
    prepared.set(kind, query);
    return pageOf(limit, (most) => query.execute({ ...filter, limit: most }));
  };
}

/** @param find reads up to `most` tasks: one more than the page has room for says that there is a next page. */
async function pageOf(limit: number, find: (most: number) => Promise<ShownTask[]>): Promise<TaskPage> {
  const found = await find(limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return { page, nextCursor: last && found.length > limit ? cursorAfter(last.id) : null };
}

function prepareList(
  db: Pick<Database, 'select'>,
  { status, triggerType, before }: Pick<OwnTasksFilter, 'status' | 'triggerType' | 'before'>,
) {
  return db
    .select(shownColumns)
    .from(tasks, { forceIndex: indexesFor({ status, triggerType }) })
    .where(
      and(
        eq(tasks.userId, sql.placeholder('userId')),
        status && eq(tasks.status, sql.placeholder('status')),
        triggerType && eq(tasks.triggerType, sql.placeholder('triggerType')),
        before && lt(tasks.id, sql.placeholder('before')),
      ),
    )
    .orderBy(desc(tasks.id))
    .limit(sql.placeholder('limit'))
    .prepare();
}

/**
 * Each has the ids in order behind what is filtered by, so a page is read off its end. Left alone, MariaDB takes the
 * index by the user only and walks through all newer tasks, which makes the 1,000th page as slow as twenty thousand reads.
 */
function indexesFor({ status, triggerType }: Pick<OwnTasksFilter, 'status' | 'triggerType'>): string[] {
  if (!status && !triggerType) return ['idx_tasks_user'];
  return [...(status ? ['idx_tasks_user_status'] : []), ...(triggerType ? ['idx_tasks_user_type'] : [])];
}

/** Opaque to clients, so that its content may change. */
function cursorAfter(id: TaskId): string {
  return Buffer.from(id).toString('base64url');
}

/** @returns the last task of the page before, or undefined when this service did not make the cursor. */
export function readCursor(cursor: string): TaskId | undefined {
  const id = Buffer.from(cursor, 'base64url').toString();
  return isTaskId(id) ? id : undefined;
}
