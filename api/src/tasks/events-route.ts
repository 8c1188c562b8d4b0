import { randomInt } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isOpen } from '@midjourney-api/shared/tasks/task';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import { viewTask } from '@midjourney-api/shared/tasks/task-view';
import { type SSEMessage, streamSSE } from 'hono/streaming';
import type { Api, Dependencies } from '../app-env.ts';
import type { FreshLinks } from '../pictures/fresh-links.ts';
import { imagesAtFor } from '../pictures/images-at.ts';
import { Problem } from '../problems/problem.ts';
import { problemResponses } from '../problems/problem-schema.ts';
import { exampleTaskId, taskIdField } from './task-fields.ts';
import { waitOver } from './wait-over.ts';
import type { WatchedTasks } from './watched-tasks.ts';

/** Proxies close a connection on which nothing goes for a while, many after 30 or 60 s. */
const heartbeatMs = 15_000;
/** All clients of a process that stops come back; not all at the same moment. */
const reconnectMs = { least: 500, most: 3_000 };

const route = createRoute({
  method: 'get',
  path: '/task/{id}/events',
  tags: ['Tasks'],
  summary: 'What happens to one of your tasks, as server-sent events',
  description:
    'The first event is the task as it is: `status`. Then `status` whenever its status changed, `progress` whenever ' +
    'only its progress did, and one `final` event when it has ended, after which the stream ends. `data` is the task, ' +
    'as `GET /task/{id}` shows it; `id` is its version. With `Last-Event-ID`, a client that has the present version ' +
    'already is not sent it again; when it has the final one, the answer is 204, so that an EventSource stops asking. ' +
    'A comment line comes every 15 seconds.',
  request: {
    params: z.object({ id: taskIdField }),
    headers: z.object({
      'last-event-id': z.string().optional().describe('id of the last event that you have'),
    }),
  },
  responses: {
    200: {
      description: 'The events, until the task has ended',
      content: {
        'text/event-stream': {
          schema: z.string(),
          example: `event: progress\ndata: {"trigger_id":"${exampleTaskId}","status":"running","progress":31,…}\nid: 5\n\n`,
        },
      },
    },
    204: { description: 'You have the final event already' },
    ...problemResponses('invalid_request', 'auth_failed', 'not_found', 'unavailable', 'internal'),
  },
});

export function addEventsRoute(
  api: Api,
  { config, stopping, log }: Dependencies,
  watched: WatchedTasks,
  freshLinks: FreshLinks,
): void {
  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const lastEventId = c.req.valid('header')['last-event-id'];
    const over = waitOver([c.req.raw.signal, ...(stopping ? [stopping] : [])]);
    const states = isTaskId(id) ? watched.states(id, over.signal) : undefined;
    const free = () => {
      over.end();
      void states?.return();
    };
    const first = await states?.next().catch((error) => {
      free();
      throw error;
    });
    if (!states || !first?.value || first.value.userId !== c.get('user').id) {
      free();
      throw new Problem('not_found', `You have no task ${id}.`);
    }

    const [task = first.value] = await freshLinks([first.value]).catch((error) => {
      free();
      throw error;
    });
    const imagesAt = imagesAtFor(c, config);
    const isKnown = lastEventId === String(task.version);
    if (isKnown && !isOpen(task)) {
      free();
      return c.body(null, 204);
    }
    if (c.req.method === 'HEAD') {
      free();
      return c.body(null, 200, streamHeaders);
    }

    const response = streamSSE(c, async (stream) => {
      stream.onAbort(free);
      const heartbeat = setInterval(() => void stream.write(': \n\n'), heartbeatMs);
      try {
        if (!isKnown) await stream.writeSSE(eventOf(imagesAt, task));
        let shown = task;
        for await (const now of states) {
          const event = eventOf(imagesAt, now, shown);
          if (!event) continue;
          shown = now;
          await stream.writeSSE(event);
        }
        if (stopping?.aborted)
          await stream.write(`retry: ${randomInt(reconnectMs.least, reconnectMs.most)}\n\n`);
      } catch (err) {
        // The client comes back and is told what it missed.
        log.error({ request_id: c.get('requestId'), task: id, err }, 'events ended early');
      } finally {
        clearInterval(heartbeat);
        free();
      }
    });
    for (const [name, value] of Object.entries(streamHeaders)) response.headers.set(name, value);
    return response;
  });
}

const streamHeaders = {
  'Content-Type': 'text/event-stream',
  // Proxies must neither keep it nor gather it up to compress it.
  'Cache-Control': 'private, no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/** What to tell of a task whose client was shown `before`; undefined when nothing changed that clients see. */
function eventOf(imagesAt: string | undefined, task: ShownTask): SSEMessage;
function eventOf(imagesAt: string | undefined, task: ShownTask, before: ShownTask): SSEMessage | undefined;
function eventOf(imagesAt: string | undefined, task: ShownTask, before?: ShownTask): SSEMessage | undefined {
  const name = eventName(task, before);
  return name && { event: name, id: String(task.version), data: JSON.stringify(viewTask(task, imagesAt)) };
}

function eventName(
  task: ShownTask,
  before: ShownTask | undefined,
): 'status' | 'progress' | 'final' | undefined {
  if (!isOpen(task)) return 'final';
  if (task.status !== before?.status) return 'status';
  return task.progress === before.progress ? undefined : 'progress';
}
