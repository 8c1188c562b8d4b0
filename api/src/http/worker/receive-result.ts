import { createRoute, z } from '@hono/zod-openapi';
import { resultEventSchema } from '@midjourney-api/shared/results/result-event';
import { type Changed, changeTask } from '@midjourney-api/shared/tasks/change-task';
import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import { taskStatuses } from '@midjourney-api/shared/tasks/statuses';
import { isTaskId, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { TaskEvent } from '@midjourney-api/shared/tasks/transition';
import { Refusal } from '../../commands/refusal.ts';
import { taskEventOf } from '../../commands/results/task-event-of.ts';
import type { Dependencies } from '../../dependencies.ts';
import { createCopyBefore } from '../../pictures/copy-before.ts';
import { discardPicture } from '../../pictures/copy-picture.ts';
import { imagesAtForHooks } from '../../pictures/pictures-at.ts';
import type { Api } from '../app-env.ts';
import { problemResponses } from '../problems/problem-schema.ts';
import { exampleHash, exampleTaskId } from '../v1/fields.ts';
import { signedResults } from './signed-results.ts';

export function addResultRoute(api: Api, deps: Dependencies): void {
  const { config, db, queues, pictures, metrics, log, clock = () => new Date() } = deps;
  const copyBefore = createCopyBefore(deps);
  const imagesAt = imagesAtForHooks(config);

  const changeWithPicture = async (id: TaskId, told: TaskEvent): Promise<Changed | undefined> => {
    const seen = await findTask(db, id);
    if (!seen) return undefined;
    const event = await copyBefore(seen, told);
    const changed = await changeTask({ ...deps, imagesAt }, id, event, clock(), seen);
    if (pictures && changed?.applied && changed.task.imageCopy === 'waiting') {
      // Not awaited: what cannot be added now is when lost jobs are looked for.
      queues.addImage(id).catch((err) => log.debug({ err, task: id }, 'picture not scheduled'));
    }
    if (pictures && !changed?.applied && event.type === 'succeeded' && event.imageFile) {
      discardPicture(pictures.store, event.imageFile).catch((err) =>
        log.warn({ err, task: id }, 'copy not removed'),
      );
    }
    return changed;
  };
  const route = createRoute({
    method: 'post',
    path: '/midjourney/result',
    tags: ['Worker'],
    summary: 'The result webhook: what Midjourney did, told by a worker',
    description:
      'Needs no app_key; signed per the Standard Webhooks specification with RESULT_WEBHOOK_SECRET. ' +
      'Any event may come twice, late or out of order: nothing changes twice.',
    security: [{ webhookSignature: [] }],
    // Before the body is validated: who cannot sign learns nothing about what would be accepted.
    middleware: signedResults(config.RESULT_WEBHOOK_SECRET),
    request: {
      body: {
        required: true,
        content: {
          'application/json': {
            schema: resultEventSchema,
            example: {
              type: 'end',
              id: '1279000000000000000',
              content: '**a beautiful sunset** - <@1097074882203303911> (fast)',
              attachments: [
                {
                  id: '1279000000000000001',
                  url: `https://cdn.discordapp.com/attachments/1/2/user_a_beautiful_sunset_${exampleHash}.png`,
                  filename: `user_a_beautiful_sunset_${exampleHash}.png`,
                  width: 1024,
                  height: 1024,
                },
              ],
              embeds: [],
              trigger_id: exampleTaskId,
            },
          },
        },
      },
    },
    responses: {
      200: {
        description: "The task's status, and whether this event changed anything",
        content: {
          'application/json': {
            schema: z
              .object({
                status: z.enum(taskStatuses),
                applied: z.boolean(),
                result_is_taken: z
                  .boolean()
                  .optional()
                  .describe('nothing changed, because the message is another task’s result'),
              })
              .openapi('ResultAnswer'),
            example: { status: 'succeeded', applied: true },
          },
        },
      },
      ...problemResponses(
        'invalid_request',
        'bad_signature',
        'not_found',
        'too_large',
        'unavailable',
        'internal',
      ),
    },
  });

  api.openapi(route, async (c) => {
    const result = c.req.valid('json');
    const event = taskEventOf(result);
    if (!event) throw new Refusal('invalid_request', 'attachments: an "end" must have the picture.');

    if (isTaskId(result.trigger_id)) c.set('task', result.trigger_id);
    const changed = isTaskId(result.trigger_id)
      ? await changeWithPicture(result.trigger_id, event)
      : undefined;
    if (!changed) throw new Refusal('not_found', `There is no task ${result.trigger_id}.`);

    const { task, applied } = changed;
    metrics.resultEvents.inc({ type: result.type, applied: String(applied) });
    if (changed.resultIsTaken) {
      metrics.takenResults.inc();
      log.error(
        { request_id: c.get('requestId'), task: task.id, message: result.id },
        "a message was taken for a task that is another task's result",
      );
      return c.json({ status: task.status, applied, result_is_taken: true }, 200);
    }
    if (applied && task.status === 'succeeded') {
      const { startedAt, finishedAt, triggerType: trigger_type } = task;
      if (startedAt && finishedAt) {
        metrics.drawingTime.observe({ trigger_type }, (finishedAt.getTime() - startedAt.getTime()) / 1_000);
      }
    }
    if (applied && task.status === 'failed' && event.type === 'succeeded') metrics.lateResults.inc();
    return c.json({ status: task.status, applied }, 200);
  });
}
