import type { Database } from '@midjourney-api/shared/database/connect';
import { tasks } from '@midjourney-api/shared/database/schema';
import { parsePrompt } from '@midjourney-api/shared/midjourney/prompt';
import { firstTaskId } from '@midjourney-api/shared/tasks/task-id';
import { and, desc, eq, gt, isNotNull } from 'drizzle-orm';
import { namedModel } from '../commands/prompts/models/models.ts';
import type { ModelsFile } from '../commands/prompts/models/models-file.ts';

/** Midjourney may have switched its default since. */
const longestMs = 24 * 60 * 60 * 1_000;
/** Customers who name a model do so in most prompts: older ones would hardly be different. */
const mostRead = 50;

/** The model that an account last drew with, within a day, when a prompt named none: its default, as far as is known. */
export async function lastDefaultModel(
  db: Database,
  file: ModelsFile,
  account: string,
  now: Date,
): Promise<string | undefined> {
  const rows = await db
    .select({ action: tasks.action, drawn: tasks.drawn })
    .from(tasks)
    .where(
      and(
        eq(tasks.account, account),
        gt(tasks.id, firstTaskId(new Date(now.getTime() - longestMs))),
        eq(tasks.triggerType, 'generate'),
        isNotNull(tasks.drawn),
      ),
    )
    .orderBy(desc(tasks.id))
    .limit(mostRead);
  const withDefault = rows.find(
    ({ action, drawn }) =>
      drawn?.model &&
      action.kind === 'imagine' &&
      (action.bot ?? 'midjourney') === 'midjourney' &&
      namedModel(file, parsePrompt(action.prompt).params) === undefined,
  );
  return withDefault?.drawn?.model;
}
