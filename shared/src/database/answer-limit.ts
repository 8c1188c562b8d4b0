import { connect, type Socket } from 'node:net';
import type { Pool } from 'mysql2/promise';

/** MySQL said nothing for too long. Its code is that of a socket, so that it counts as unreachable. */
class DatabaseSilent extends Error {
  override readonly name = 'DatabaseSilent';
  readonly code = 'ETIMEDOUT';
}

/**
 * A socket to MySQL that breaks when a statement stays without an answer for `limitMs`, as of a server that is
 * frozen or waits for a lock. mysql2's own time limit for a query leaves the connection waiting: it would come
 * back into the pool with an answer to come, or never. A broken one is replaced.
 */
export function connectWithAnswerLimit(host: string, port: number, limitMs: number): Socket {
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  let answered = 0;
  socket.on('data', () => {
    answered = socket.bytesWritten;
  });
  // A callback given to `setTimeout` itself would only hear the first silence, which may be an idle one.
  socket.setTimeout(limitMs);
  socket.on('timeout', () => {
    const waiting = socket.bytesWritten > answered;
    if (waiting) socket.destroy(new DatabaseSilent(`MySQL did not answer within ${limitMs} ms`));
  });
  return socket;
}

/**
 * Lets nobody wait longer than `limitMs` for a connection of the pool while all are taken.
 * @throws {DatabaseSilent} to a caller that waited that long.
 */
export function limitWaitForConnection({ pool }: Pool, limitMs: number): void {
  const getConnection = pool.getConnection.bind(pool);
  pool.getConnection = (callback) => {
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      const error = new DatabaseSilent(`no connection to MySQL was free within ${limitMs} ms`);
      // Without a connection there is an error, which is all that is looked at.
      Reflect.apply(callback, undefined, [error]);
    }, limitMs);
    getConnection((error, connection) => {
      if (over) {
        if (!error) connection.release();
        return;
      }
      clearTimeout(timer);
      callback(error, connection);
    });
  };
}
