import { answered } from '../http/answered.ts';
import type { Connection } from '../http/connection.ts';
import { pause } from '../http/pause.ts';
import type { Task } from '../schema.ts';
import { type EventPosition, taskEvents } from './events.ts';
import { isOpen } from './is-open.ts';

/** After this many streams in a row without an event, streams are no longer tried. */
const fruitlessStreams = 2;
const reconnectMs = 1_000;
const waitSeconds = 30;

/**
 * Yields the task, then each change of its status or progress, until it has ended. Uses server-sent events, or long polling
 * where a proxy blocks them.
 */
export async function* followTask(
  connection: Connection,
  id: string,
  signal?: AbortSignal,
): AsyncGenerator<Task, void, void> {
  let shown: Task | undefined;
  for await (const task of statesOf(connection, id, signal)) {
    if (shown?.status === task.status && shown.progress === task.progress) continue;
    shown = task;
    yield task;
    if (!isOpen(task)) return;
  }
}

async function* statesOf(
  connection: Connection,
  id: string,
  signal?: AbortSignal,
): AsyncGenerator<Task, void, void> {
  yield* byEvents(connection, id, signal);
  yield* byWaiting(connection, id, signal);
}

async function* byEvents(
  connection: Connection,
  id: string,
  signal?: AbortSignal,
): AsyncGenerator<Task, void, void> {
  const position: EventPosition = {};
  for (let fruitless = 0; fruitless < fruitlessStreams; fruitless++) {
    const events = taskEvents(connection, id, position, signal);
    let next = await events.next();
    try {
      for (; !next.done; next = await events.next()) {
        fruitless = -1;
        yield next.value;
      }
    } finally {
      await events.return(true);
    }
    const wasStream = next.value;
    if (!wasStream) return;
    await pause(position.reconnectMs ?? reconnectMs, signal);
  }
}

async function* byWaiting(
  { raw }: Connection,
  id: string,
  signal?: AbortSignal,
): AsyncGenerator<Task, void, void> {
  let known: { etag: string | null } | undefined;
  for (;;) {
    const call = raw.GET('/v1/api/trigger/task/{id}', {
      params: {
        path: { id },
        query: known && { wait: waitSeconds },
        header: known?.etag ? { 'if-none-match': known.etag } : {},
      },
      signal,
    });
    const { response } = await call;
    if (response.status === 304) continue;
    const task = await answered(call);
    known = { etag: response.headers.get('ETag') };
    yield task;
  }
}
