import { parseCustomId } from '@midjourney-api/shared/midjourney/custom-id';
import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import { readOperatorViews } from '@midjourney-api/shared/tasks/views/operator-view';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import { viewTask } from '@midjourney-api/shared/tasks/views/task-view';
import type { Context } from 'hono';
import { objectionToAccount } from '../../../commands/admission/admission.ts';
import { type OperationNames, withAdvice } from '../../../commands/advice.ts';
import { objectionToPress } from '../../../commands/follow-ups/pressable.ts';
import { picturesAt } from '../../../pictures/pictures-at.ts';
import type { AppEnv, RouteContext } from '../../app-env.ts';
import { requestOrigin } from '../../pictures/request-origin.ts';
import { v1Operations } from '../operations.ts';

/** For answers about tasks: a cache between us and the client keeps none. */
export const notToKeep = { 'Cache-Control': 'private, no-store' };

type Sources = Pick<RouteContext, 'config' | 'db' | 'accountNamed'>;

/** Where the pictures of tasks are shown to this request's client. */
export function picturesFor(c: Context, { config }: Pick<RouteContext, 'config'>): string | undefined {
  return picturesAt(config, requestOrigin(c, config.TRUST_PROXY));
}

/** The tasks as the caller sees them: operators see more. */
export async function viewTasksFor(
  c: Context<AppEnv>,
  sources: Sources,
  shown: ShownTask[],
  operations: OperationNames = v1Operations,
): Promise<TaskView[]> {
  return createTaskViews(c, sources, operations)(shown);
}

/** The same for answers that last. Keeps nothing of the request, which thousands of streams would have in memory. */
export function createTaskViews(
  c: Context<AppEnv>,
  sources: Sources,
  operations: OperationNames = v1Operations,
): (shown: ShownTask[]) => Promise<TaskView[]> {
  const at = picturesFor(c, sources);
  const isForOperator = c.get('user').role === 'operator';
  return async (shown) => {
    const forOperators = isForOperator ? await readOperatorViews(sources.db, shown, at) : undefined;
    return Promise.all(
      shown.map(async (task) => ({
        ...(await viewTaskAt(at, sources, task, operations)),
        ...forOperators?.get(task.id),
      })),
    );
  };
}

/** The task as its owner sees it now: which of its buttons can be pressed depends on its account. */
export async function viewTaskAt(
  picturesAt: string | undefined,
  { accountNamed }: Pick<Sources, 'accountNamed'>,
  task: ShownTask,
  operations: OperationNames = v1Operations,
): Promise<TaskView> {
  const view = viewTask(task, picturesAt);
  if (view.buttons.length === 0) return view;
  const account = task.account === null ? undefined : await accountNamed(task.account);
  const ofAccount = task.account === null ? undefined : objectionToAccount(account);
  const buttons = view.buttons.map((button) => {
    const objection = objectionToPress(parseCustomId(button.custom_id), account);
    const unavailable = objection
      ? withAdvice(`It ${objection.why}.`, objection.advice, operations)
      : ofAccount;
    return unavailable === undefined ? button : { ...button, unavailable };
  });
  return { ...view, buttons };
}
