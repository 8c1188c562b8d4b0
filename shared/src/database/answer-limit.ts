import { connect, type Socket } from 'node:net';
import type { Pool } from 'mysql2/promise';

/** MySQL did not answer in time. The error has the code of a socket error, so that MySQL counts as unreachable. */
class DatabaseSilent extends Error {
  override readonly name = 'DatabaseSilent';
  readonly code = 'ETIMEDOUT';
}

/**
 * A socket to MySQL that breaks if a statement gets no answer for `limitMs`, for example because the server is frozen
 * or waits for a lock. mysql2's own query timeout keeps the connection: it would return to the pool with an answer still
 * to come, or never. The pool replaces a broken connection.
 */
export function connectWithAnswerLimit(host: string, port: number, limitMs: number): Socket {
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  let answered = 0;
  socket.on('data', () => {
    answered = socket.bytesWritten;
  });
  // A callback passed to `setTimeout` itself is called only for the first timeout, when the socket may be idle.
  socket.setTimeout(limitMs);
  socket.on('timeout', () => {
    const waiting = socket.bytesWritten > answered;
    if (waiting) socket.destroy(new DatabaseSilent(`MySQL did not answer within ${limitMs} ms`));
  });
  return socket;
}

/**
 * Limits how long a caller waits for a connection while the whole pool is in use.
 * @throws {DatabaseSilent} after `limitMs`.
 */
export function limitWaitForConnection({ pool }: Pool, limitMs: number): void {
  const getConnection = pool.getConnection.bind(pool);
  pool.getConnection = (callback) => {
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      const error = new DatabaseSilent(`no connection to MySQL was free within ${limitMs} ms`);
      // The callback reads only the error when there is one.
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
