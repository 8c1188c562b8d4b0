import { isRecord } from '../discord/form.ts';

/** A gateway event as a test wrote it. */
export interface RawEvent {
  /** The event's name, by default `MESSAGE_CREATE`. */
  t: string;
  d: Record<string, unknown>;
  /** The id in READY of the one session that receives it; without one, all that may. */
  session?: string;
  /** Milliseconds between the event before and this one. */
  afterMs: number;
}

/** Throws with a sentence if the event is invalid. */
export function parseRawEvent(body: unknown): RawEvent {
  if (!isRecord(body) || !isRecord(body.d)) throw new Error('an event is {t, d}, and d is an object');
  const { t = 'MESSAGE_CREATE', d, session, afterMs = 0 } = body;
  if (typeof t !== 'string' || !/^[A-Z_]+$/.test(t)) throw new Error('t must be the name of a gateway event');
  if (session !== undefined && typeof session !== 'string') {
    throw new Error('session must be the session_id of a READY');
  }
  if (typeof afterMs !== 'number' || afterMs < 0) throw new Error('afterMs must be a number of 0 or more');
  return { t, d, session, afterMs };
}
