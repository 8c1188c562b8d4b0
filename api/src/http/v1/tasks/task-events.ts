import { randomInt } from 'node:crypto';
import { createRoute, z } from '@hono/zod-openapi';
import type { ShownTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import { maySee, noSuchTask } from '../../../queries/access.ts';
import { waitOver } from '../../../queries/wait-over.ts';
import type { Api, RouteContext } from '../../app-env.ts';
import { problemsWithKey } from '../../problems/problem-schema.ts';
import { exampleTaskId, taskIdField } from '../fields.ts';
import { createTaskViews } from './task-views.ts';

/** Proxies close a connection that is idle for a while, many after 30 or 60 s. */
const heartbeatMs = 15_000;
const reconnectMs = { least: 500, most: 3_000 };

const route = createRoute({
  method: 'get',
  path: '/task/{id}/events',
  operationId: 'streamTaskEvents',
  tags: ['Tasks'],
  summary: 'What happens to one of your tasks, as server-sent events; for operators, to anybody’s',
  description:
    'The first event is the task as it is: `status`. Then `status` whenever its status changed, `progress` whenever ' +
    'only its progress did, and one `final` event when it has ended, after which the stream ends. `data` is the task, ' +
    'as `GET /task/{id}` shows it; `id` is its version, and of `final` how it ended too. With `Last-Event-ID`, a client that has the present version ' +
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
    ...problemsWithKey('invalid_request', 'not_found'),
  },
});

export function addTaskEvents(api: Api, deps: RouteContext): void {
  const { watched, freshLinks, stopping, log } = deps;

  api.openapi(route, async (c) => {
    const { id } = c.req.valid('param');
    const lastEventId = c.req.valid('header')['last-event-id'];
    const over = waitOver([c.req.raw.signal, ...(stopping ? [stopping] : [])]);
    const states = isTaskId(id) ? watched.states(id, over.signal) : undefined;
    const stopWatching = () => {
      over.end();
      void states?.return();
    };

    try {
      const found = (await states?.next())?.value;
      if (!states || !found || !maySee(c.get('user'), found)) throw noSuchTask(id);
      const [task = found] = await freshLinks([found]);
      const isKnown = hasEvent(lastEventId, task);
      if (isKnown && !isOpen(task)) {
        stopWatching();
        return c.body(null, 204);
      }
      if (c.req.method === 'HEAD') {
        stopWatching();
        return c.body(null, 200, streamHeaders);
      }
      const stream = streamOf(eventsOf(createTaskViews(c, deps), states, task, isKnown), {
        stopping,
        onEnd: stopWatching,
        onError: (err) => log.error({ request_id: c.get('requestId'), task: id, err }, 'events ended early'),
      });
      return c.body(stream, 200, streamHeaders);
    } catch (error) {
      stopWatching();
      throw error;
    }
  });
}

interface StreamOptions {
  stopping: AbortSignal | undefined;
  onEnd: () => void;
  onError: (error: unknown) => void;
}

/** One stream of the platform's, which thousands of clients each have: the framework's helper makes four. */
function streamOf(
  events: AsyncGenerator<string, void, void>,
  { stopping, onEnd, onError }: StreamOptions,
): ReadableStream<Uint8Array> {
  let heartbeat: NodeJS.Timeout | undefined;
  let ended = false;
  const end = () => {
    ended = true;
    clearInterval(heartbeat);
    onEnd();
  };
  return new ReadableStream<Uint8Array>({
    start(controller) {
      heartbeat = setInterval(() => controller.enqueue(encoder.encode(': \n\n')), heartbeatMs);
    },
    async pull(controller) {
      try {
        const { value } = await events.next();
        // The client has gone.
        if (ended) return;
        if (value !== undefined) return controller.enqueue(encoder.encode(value));
        if (stopping?.aborted) controller.enqueue(encoder.encode(comeBack()));
      } catch (error) {
        // The client reconnects and is sent what it missed.
        onError(error);
      }
      end();
      controller.close();
    },
    cancel: end,
  });
}

const encoder = new TextEncoder();

/** All clients of a process that stops reconnect, but not at the same moment. */
function comeBack(): string {
  return `retry: ${randomInt(reconnectMs.least, reconnectMs.most)}\n\n`;
}

const streamHeaders = {
  'Content-Type': 'text/event-stream',
  // Proxies must neither cache it nor buffer it to compress it.
  'Cache-Control': 'private, no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

/** The events of a task that its client has as it was at `first`, if that `isKnown`, or gets so at once. */
async function* eventsOf(
  viewTasks: (tasks: ShownTask[]) => Promise<TaskView[]>,
  states: AsyncIterable<ShownTask>,
  first: ShownTask,
  isKnown: boolean,
): AsyncGenerator<string, void, void> {
  const eventOf = async (name: string, task: ShownTask) => {
    const [view] = await viewTasks([task]);
    return `event: ${name}\ndata: ${JSON.stringify(view)}\nid: ${eventId(task)}\n\n`;
  };
  if (!isKnown) yield await eventOf(isOpen(first) ? 'status' : 'final', first);
  let shown = first;
  for await (const task of states) {
    const name = eventName(task, shown);
    // Nothing that clients see has changed.
    if (!name) continue;
    shown = task;
    yield await eventOf(name, task);
  }
}

function eventId({ version, status }: ShownTask): string {
  return isOpen({ status }) ? String(version) : `${version}-${status}`;
}

/** There is one event of the end, although the link to the picture may change after it. */
function hasEvent(lastEventId: string | undefined, task: ShownTask): boolean {
  return lastEventId === eventId(task) || (!isOpen(task) && !!lastEventId?.endsWith(`-${task.status}`));
}

function eventName(task: ShownTask, before: ShownTask): 'status' | 'progress' | 'final' | undefined {
  if (!isOpen(task)) return 'final';
  if (task.status !== before.status) return 'status';
  return task.progress === before.progress ? undefined : 'progress';
}
