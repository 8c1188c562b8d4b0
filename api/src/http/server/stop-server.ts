import type { ServerType } from '@hono/node-server';

/**
 * Takes no new connection, lets running requests end, and closes each connection once it is idle.
 * What still runs after `graceMs` is cut off.
 */
export async function stopServer(server: ServerType, graceMs: number): Promise<void> {
  const idle = 'closeIdleConnections' in server ? () => server.closeIdleConnections() : () => {};
  const cut = 'closeAllConnections' in server ? () => server.closeAllConnections() : () => {};
  // Keep-alive connections stay open after their last answer; no event says when that was sent.
  const closeIdle = setInterval(idle, 100);
  const cutOff = setTimeout(cut, graceMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(closeIdle);
  clearTimeout(cutOff);
}
