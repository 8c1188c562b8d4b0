import { notSentYet } from './accept-task.ts';
import type { Task } from './task.ts';
import type { TaskId } from './task-id.ts';

/** A queued drawing, with the given differences. */
export function aTask(different: Partial<Task> = {}): Task {
  return {
    id: '1767322800000123' as TaskId,
    userId: 1,
    triggerType: 'generate',
    action: { kind: 'imagine', prompt: 'a cat' },
    status: 'queued',
    ...notSentYet,
    prompt: 'a cat',
    index: null,
    speed: null,
    parentId: null,
    account: null,
    warnings: null,
    state: null,
    notifyHook: null,
    notify: 'all',
    hookDialect: 'v1',
    requestId: null,
    createdAt: new Date('2026-01-02T03:00:00.000Z'),
    ...different,
  };
}
