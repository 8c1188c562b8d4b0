import type { Principal } from '../accounts.ts';
import type { GatewaySocket } from './gateway-socket.ts';

/** A payload for sessions, serialised once for all of them. */
export interface Dispatch {
  type: string;
  json: string;
}

const maxBufferedEvents = 2_000;
const maxBufferedBytes = 4 * 1024 * 1024;
/** A connection that falls behind by this much is cut off. */
const maxSocketBacklog = 16 * 1024 * 1024;

/** A gateway session: numbers its events and keeps what the client has not acknowledged, for a RESUME. */
export class Session {
  readonly id: string;
  readonly principal: Principal;
  readonly intents: number | undefined;
  /** When the connection was lost; undefined while connected. */
  detachedAt: number | undefined;
  #socket: GatewaySocket | undefined;
  #sequence = 0;
  #buffer: { sequence: number; frame: string }[] = [];
  #bufferedBytes = 0;
  /** The sequence number from which on everything is still in the buffer. */
  #bufferedFrom = 1;
  #heldBack: Dispatch | undefined;

  constructor(id: string, principal: Principal, intents: number | undefined, socket: GatewaySocket) {
    this.id = id;
    this.principal = principal;
    this.intents = intents;
    this.#socket = socket;
  }

  get connected(): boolean {
    return this.#socket !== undefined;
  }

  wants(intent: number): boolean {
    return this.intents === undefined || (this.intents & intent) !== 0;
  }

  send({ type, json }: Dispatch): void {
    this.#sequence += 1;
    const frame = `{"t":"${type}","s":${this.#sequence},"op":0,"d":${json}}`;
    this.#buffer.push({ sequence: this.#sequence, frame });
    this.#bufferedBytes += frame.length;
    while (this.#buffer.length > maxBufferedEvents || this.#bufferedBytes > maxBufferedBytes)
      this.#forgetOldest();
    this.write(frame);
    this.#releaseHeldBack();
  }

  /** Sends it after the session's next event, or after `patienceMs` when none comes. */
  sendAfterNext(dispatch: Dispatch, patienceMs: number): void {
    this.#releaseHeldBack();
    this.#heldBack = dispatch;
    setTimeout(() => {
      if (this.#heldBack === dispatch) this.#releaseHeldBack();
    }, patienceMs).unref();
  }

  /** The client has everything up to `sequence`, which can be dropped. */
  acknowledge(sequence: number): void {
    let oldest = this.#buffer[0];
    while (oldest && oldest.sequence <= sequence) {
      this.#forgetOldest();
      oldest = this.#buffer[0];
    }
  }

  /** Whether every event after `sequence` can still be replayed. */
  canReplayAfter(sequence: number): boolean {
    return sequence + 1 >= this.#bufferedFrom && sequence <= this.#sequence;
  }

  get lastSequence(): number {
    return this.#sequence;
  }

  /** Replaces the connection and replays the events after `sequence`. */
  resume(socket: GatewaySocket, sequence: number): void {
    const old = this.#socket;
    this.#socket = socket;
    this.detachedAt = undefined;
    old?.close(4000, 'Resumed elsewhere.');
    for (const event of this.#buffer) {
      if (event.sequence > sequence) this.write(event.frame);
    }
  }

  /** Forgets the connection if it is still this one. */
  detach(socket: GatewaySocket, now: number): void {
    if (this.#socket !== socket) return;
    this.#socket = undefined;
    this.detachedAt = now;
  }

  /** Closes the connection with a code, or cuts it off without one. */
  disconnect(code: number | undefined, reason = ''): void {
    if (code === undefined) this.#socket?.terminate();
    else this.#socket?.close(code, reason);
  }

  /** Sends a frame that is not an event, e.g. RECONNECT. */
  write(frame: string): void {
    const socket = this.#socket;
    if (socket && socket.backlog > maxSocketBacklog) socket.terminate();
    else socket?.send(frame);
  }

  #releaseHeldBack(): void {
    const held = this.#heldBack;
    this.#heldBack = undefined;
    if (held) this.send(held);
  }

  #forgetOldest(): void {
    const oldest = this.#buffer.shift();
    if (!oldest) return;
    this.#bufferedBytes -= oldest.frame.length;
    this.#bufferedFrom = oldest.sequence + 1;
  }
}
