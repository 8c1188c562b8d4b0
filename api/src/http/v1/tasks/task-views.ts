import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import { readOperatorViews } from '@midjourney-api/shared/tasks/views/operator-view';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import { viewTask } from '@midjourney-api/shared/tasks/views/task-view';
import type { Context } from 'hono';
import type { Dependencies } from '../../../dependencies.ts';
import { picturesAt } from '../../../pictures/pictures-at.ts';
import type { AppEnv } from '../../app-env.ts';
import { requestOrigin } from '../../pictures/request-origin.ts';

/** For answers about tasks: a cache between us and the client keeps none. */
export const notToKeep = { 'Cache-Control': 'private, no-store' };

type Sources = Pick<Dependencies, 'config' | 'db'>;

/** Where the pictures of tasks are shown to this request's client. */
export function picturesFor(c: Context, { config }: Pick<Sources, 'config'>): string | undefined {
  return picturesAt(config, requestOrigin(c, config.TRUST_PROXY));
}

/** The tasks as the caller sees them: operators see more. */
export async function viewTasksFor(
  c: Context<AppEnv>,
  sources: Sources,
  shown: ShownTask[],
): Promise<TaskView[]> {
  const at = picturesFor(c, sources);
  const forOperators =
    c.get('user').role === 'operator' ? await readOperatorViews(sources.db, shown, at) : undefined;
  return shown.map((task) => ({ ...viewTask(task, at), ...forOperators?.get(task.id) }));
}
