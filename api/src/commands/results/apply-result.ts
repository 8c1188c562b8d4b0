import type { ResultEvent } from '@midjourney-api/shared/results/result-event';
import { type Changed, changeTask } from '@midjourney-api/shared/tasks/change-task';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { TaskEvent } from '@midjourney-api/shared/tasks/transition';
import type { Dependencies } from '../../dependencies.ts';
import { createCopyBefore } from '../../pictures/copy-before.ts';
import { discardPicture } from '../../pictures/copy-picture.ts';
import { picturesAt } from '../../pictures/pictures-at.ts';
import type { ModelsFile } from '../prompts/models/models-file.ts';
import { Refusal } from '../refusal.ts';
import { downgradesOf, kindsOfDowngrades, readDrawn } from './drawn.ts';
import { taskEventOf } from './task-event-of.ts';

/**
 * Applies a result that a worker reports. One that comes twice, late or out of order changes nothing twice.
 * @throws {Refusal} invalid_request for an `end` without its picture; not_found.
 */
export type ApplyResult = (result: ResultEvent, requestId: string) => Promise<Changed>;

export function createApplyResult(deps: Dependencies): ApplyResult {
  const { config, db, models, metrics, log, clock } = deps;
  const copyBefore = createCopyBefore(deps);
  const context = { ...deps, picturesAt: picturesAt(config) };

  async function change(
    id: TaskId,
    reported: TaskEvent,
    echo: ResultEvent['drawn'],
  ): Promise<Changed | undefined> {
    const seen = await findTask(db, id);
    if (!seen) return undefined;
    const event = await copyBefore(seen, withDrawn(models(), seen, reported, echo));
    const changed = await changeTask(context, id, event, clock(), seen);
    settlePicture(deps, id, event, changed);
    return changed;
  }

  return async (result, requestId) => {
    const event = taskEventOf(result);
    if (!event) throw new Refusal('invalid_request', 'attachments: an "end" must have the picture.');
    const id = result.trigger_id;
    const changed = isTaskId(id) ? await change(id, event, result.drawn) : undefined;
    if (!changed) throw new Refusal('not_found', `There is no task ${id}.`);

    metrics.resultEvents.inc({ type: result.type, applied: String(changed.applied) });
    if (changed.resultIsTaken) {
      metrics.takenResults.inc();
      log.error(
        { request_id: requestId, task: changed.task.id, message: result.id },
        "a message was matched to a task that is another task's result",
      );
    }
    if (changed.applied) measure(deps, changed, event);
    return changed;
  };
}

/** Adds what Midjourney says it has drawn, where it says so. */
function withDrawn(file: ModelsFile, task: Task, event: TaskEvent, echo: ResultEvent['drawn']): TaskEvent {
  if (event.type !== 'succeeded' || !echo) return event;
  const drawn = readDrawn(file, echo);
  const warnings = [...(task.warnings ?? []), ...downgradesOf(file, task, drawn)];
  return {
    ...event,
    result: { ...event.result, drawn, warnings: warnings.length > 0 ? warnings : null },
  };
}

/** Schedules the copy of a new picture, and discards one that was made for a result that changed nothing. */
function settlePicture(
  { queues, pictures, log }: Pick<Dependencies, 'queues' | 'pictures' | 'log'>,
  id: TaskId,
  event: TaskEvent,
  changed: Changed | undefined,
): void {
  if (!pictures) return;
  if (changed?.applied && changed.task.imageCopy === 'waiting') {
    // Not awaited: the reconciler adds the job if this fails.
    queues.addPicture(id).catch((err) => log.debug({ err, task: id }, 'picture not scheduled'));
  }
  if (!changed?.applied && event.type === 'succeeded' && event.copy) {
    discardPicture(pictures.store, event.copy).catch((err) =>
      log.warn({ err, task: id }, 'copy not removed'),
    );
  }
}

function measure({ metrics }: Pick<Dependencies, 'metrics'>, { task }: Changed, event: TaskEvent): void {
  const { status, startedAt, finishedAt, triggerType } = task;
  if (status === 'succeeded' && startedAt && finishedAt)
    metrics.drawingTime.observe(
      { trigger_type: triggerType },
      (finishedAt.getTime() - startedAt.getTime()) / 1_000,
    );
  if (event.type !== 'succeeded') return;
  if (status === 'failed') metrics.lateResults.inc();
  for (const kind of kindsOfDowngrades((task.lateResult ?? task).warnings ?? []))
    metrics.downgrades.inc({ kind });
}
