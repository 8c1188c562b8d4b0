import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Headers of up to 16 kB each; no client in use sends even two requests before the first is answered. */
export const mostWaitingOnConnection = 16;

/**
 * Handles the requests of one connection one after the other, and closes a connection on which too many wait. Node
 * hands over all the requests that a client wrote at once, a thousand in 40 kB, and keeps their answers until those
 * before them are sent, all of them in memory.
 */
export function oneAtATime(handle: RequestListener): RequestListener {
  const waitingOn = new WeakMap<Socket, [IncomingMessage, ServerResponse][]>();

  function start(socket: Socket, request: IncomingMessage, response: ServerResponse): void {
    response.once('close', () => {
      const next = waitingOn.get(socket)?.shift();
      if (socket.destroyed || !next) waitingOn.delete(socket);
      else start(socket, ...next);
    });
    handle(request, response);
  }

  return (request, response) => {
    const { socket } = request;
    if (socket.destroyed) return;
    const waiting = waitingOn.get(socket);
    if (!waiting) {
      waitingOn.set(socket, []);
      start(socket, request, response);
    } else if (waiting.length < mostWaitingOnConnection) {
      waiting.push([request, response]);
    } else {
      waitingOn.delete(socket);
      socket.destroy();
    }
  };
}
