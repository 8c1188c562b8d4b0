import type { Changed } from '@midjourney-api/shared/tasks/change-task';
import type { Dependencies } from '../../../dependencies.ts';
import type { Api } from '../../app-env.ts';
import { addEndTaskRoute } from './end-task-route.ts';

export function addCancel(api: Api, deps: Dependencies): void {
  addEndTaskRoute(api, deps, {
    path: '/cancel',
    operationId: 'cancelTask',
    summary: 'Stop a task',
    description:
      'One that waits fails with `cancelled` at once. One that is being drawn is cancelled at Midjourney: follow it, it ' +
      'fails with `cancelled` within seconds, unless its picture is faster. Either way its token is given back with the ' +
      'failure. A finished task stays as it is. Users can cancel their own tasks, operators those of all. Costs no token.',
    schemas: ['Cancel', 'Cancelled'],
    code: 'cancelled',
    messageDescription: '"success", or what happens now',
    outcome,
  });
}

function outcome({ task, applied }: Changed) {
  const done = task.failCode === 'cancelled';
  if (!done) return { done, message: `The task has ${task.status} already; there is nothing to cancel.` };
  return { done, message: applied ? 'success' : 'The task is cancelled already.' };
}
