import { notSentYet } from '../accept-task.ts';
import { endOf, type Window } from '../windows.ts';
import type { MjTaskView } from './mj-task-schema.ts';
import { viewMjTask } from './mj-task-view.ts';

/**
 * A window as clients of the mj-proxy protocol see it: as a task with the status MODAL, until its form is submitted, its
 * time is up, or it is cancelled.
 */
export function viewMjWindow(window: Window, now: Date): MjTaskView {
  const view = viewMjTask({
    ...notSentYet,
    ...window,
    triggerType: 'action',
    status: 'queued',
    index: null,
    warnings: null,
  });
  const shown = { ...view, properties: { ...view.properties, finalPrompt: window.prompt } };
  const end = endOf(window, now);
  if (!end) return { ...shown, status: 'MODAL' };
  return {
    ...shown,
    status: 'FAILURE',
    progress: '',
    failReason: end.why === 'cancelled' ? 'cancelled' : 'modal timed out',
    finishTime: end.at.getTime(),
  };
}
