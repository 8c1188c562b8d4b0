import { tasks } from '@midjourney-api/shared/database/schema';
import type { TriggerType } from '@midjourney-api/shared/tasks/task';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import { type TaskId, taskIdTime } from '@midjourney-api/shared/tasks/task-id';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestApi, type TestApi, taskId } from '../testing/open-test-api.ts';
import { createListOwnTasks, type OwnTasksFilter } from './list-tasks.ts';

const many = 5_000;
const newest = Date.UTC(2026, 0, 2) * 1_000;
const nth = (back: number): TaskId => taskId(String(newest - back * 1_000));

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  const own = Array.from({ length: many }, (_, back) => {
    const id = nth(back);
    // Of the oldest few one is of a rare kind, and one failed.
    const triggerType: TriggerType = back === many - 3 ? 'describe' : 'generate';
    const status = back === many - 5 ? ('failed' as const) : ('succeeded' as const);
    return aTask({ id, triggerType, status, createdAt: taskIdTime(id) });
  });
  const others = own.flatMap((task) =>
    [2, 3, 4].map((userId) => ({ ...task, userId, id: taskId(String(Number(task.id) + userId)) })),
  );
  const rows = [...own, ...others];
  for (let from = 0; from < rows.length; from += 1_000) {
    await api.deps.db.insert(tasks).values(rows.slice(from, from + 1_000));
  }
  await api.deps.db.execute(sql`ANALYZE TABLE tasks`);
});
afterAll(() => api.close());

/** The page's ids, and how many rows MySQL looked at for it. */
async function list(
  filter: Partial<OwnTasksFilter>,
): Promise<{ ids: TaskId[]; looked: number; sorted: number }> {
  // A transaction keeps to one connection, which counts for itself.
  return api.deps.db.transaction(async (tx) => {
    const count = async (what: string) => {
      const [rows] = (await tx.execute(
        sql`SELECT coalesce(sum(variable_value), 0) AS n FROM information_schema.session_status WHERE variable_name LIKE ${what}`,
      )) as unknown as [{ n: number }[]];
      return Number(rows[0]?.n);
    };
    await tx.execute(sql`FLUSH STATUS`);
    const { page } = await createListOwnTasks(tx)({ userId: 1, limit: 20, ...filter });
    // Which are counted first, as the question looks at rows too.
    const looked = await count('Handler_read_%');
    return { ids: page.map(({ id }) => id), looked, sorted: await count('Sort_rows') };
  });
}

test.each<[string, Partial<OwnTasksFilter>, number]>([
  ['the first page', {}, 0],
  ['a page far behind', { before: nth(1_000) }, 1_001],
  ['what succeeded', { status: 'succeeded' }, 0],
  ['what succeeded, far behind', { status: 'succeeded', before: nth(1_000) }, 1_001],
  ['a usual kind', { triggerType: 'generate' }, 0],
  ['a usual kind, far behind', { triggerType: 'generate', before: nth(1_000) }, 1_001],
  ['both, far behind', { triggerType: 'generate', status: 'succeeded', before: nth(1_000) }, 1_001],
])('%s is read off an index: MySQL looks at little more than it shows', async (_, filter, first) => {
  const { ids, looked, sorted } = await list(filter);
  expect(ids).toEqual(Array.from({ length: 20 }, (_, at) => nth(first + at)));
  expect(looked).toBeLessThan(60);
  expect(sorted).toBe(0);
});

test.each<[string, Partial<OwnTasksFilter>, number[]]>([
  ['a rare kind', { triggerType: 'describe' }, [many - 3]],
  ['a rare status', { status: 'failed' }, [many - 5]],
  ['a rare kind and a usual status', { triggerType: 'describe', status: 'succeeded' }, [many - 3]],
  ['a usual kind and a rare status', { triggerType: 'generate', status: 'failed' }, [many - 5]],
  ['what there is none of', { triggerType: 'animate', status: 'failed' }, []],
])('%s is found without a walk through the others', async (_, filter, expected) => {
  const { ids, looked, sorted } = await list(filter);
  expect(ids).toEqual(expected.map(nth));
  expect(looked).toBeLessThan(60);
  expect(sorted).toBe(0);
});
