import type { Changed } from '@midjourney-api/shared/tasks/change-task';
import type { Dependencies } from '../../../dependencies.ts';
import type { Api } from '../../app-env.ts';
import { addEndTaskRoute } from './end-task-route.ts';

export function addRelease(api: Api, deps: Dependencies): void {
  addEndTaskRoute(api, deps, {
    path: '/queue/release',
    operationId: 'releaseTask',
    summary: 'Give up a waiting or stuck task',
    description:
      'By its owner: a task that was not sent fails with `released` at once, and its token is given back; one that was ' +
      'sent is cancelled, as by `/cancel`. By an operator, any task fails with `released` at once, and its token is given ' +
      'back; the account is free for another one when Midjourney has ended the drawing. A finished task stays as it is.',
    schemas: ['Release', 'Released'],
    code: 'released',
    messageDescription: '"success", or what happens instead',
    outcome,
  });
}

function outcome({ task, applied }: Changed) {
  const done = applied && task.failCode === 'released';
  if (done) return { done, message: 'success' };
  return { done, message: `The task has ${task.status} already; there is nothing to release.` };
}
