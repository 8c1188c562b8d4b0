import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { Connection } from '../http/connection.ts';
import { Deadline } from '../http/deadline.ts';
import type { Task } from '../schema.ts';

/** The service sends a heartbeat every 15 seconds. */
const longestSilenceMs = 45_000;

/** Where a stream of events ended, so that the next one continues there. */
export interface EventPosition {
  lastEventId?: string;
  /** The delay before reconnecting that the service asks for, in milliseconds. */
  reconnectMs?: number;
}

/**
 * Yields the states of a task as the service streams them, until the stream ends for any reason.
 * @param position is updated
 * @returns whether there was a stream at all
 */
export async function* taskEvents(
  { open, patienceMs }: Connection,
  id: string,
  position: EventPosition,
  signal?: AbortSignal,
): AsyncGenerator<Task, boolean, void> {
  const silence = new Deadline(Math.min(longestSilenceMs, patienceMs), signal);
  try {
    const response = await open(`/v1/api/trigger/task/${encodeURIComponent(id)}/events`, {
      headers: {
        accept: 'text/event-stream',
        ...(position.lastEventId && { 'last-event-id': position.lastEventId }),
      },
      signal: silence.signal,
    });
    const isStream = /^text\/event-stream/.test(response.headers.get('content-type') ?? '');
    if (!response.ok || !response.body || !isStream) {
      await response.body?.cancel();
      return false;
    }
    for await (const { id: eventId, data } of messages(response.body, position, silence)) {
      if (eventId) position.lastEventId = eventId;
      yield JSON.parse(data) as Task;
    }
  } catch {
    signal?.throwIfAborted();
  } finally {
    silence.end();
  }
  return true;
}

async function* messages(
  body: ReadableStream<Uint8Array>,
  position: EventPosition,
  silence: Deadline,
): AsyncGenerator<EventSourceMessage, void, void> {
  const complete: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: (message) => complete.push(message),
    onRetry: (ms) => {
      position.reconnectMs = ms;
    },
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      silence.extend();
      parser.feed(decoder.decode(value, { stream: true }));
      yield* complete.splice(0);
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
