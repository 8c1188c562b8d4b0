import { once } from 'node:events';
import { createServer, type Server } from 'node:http';

/** Opens an HTTP server; what answers its requests is attached afterwards, when the port is known. */
export async function listen(host: string, port: number): Promise<{ server: Server; port: number }> {
  const server = createServer({ keepAliveTimeout: 30_000 });
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the server has no port');
  return { server, port: address.port };
}

/** Closes a server with all its connections. */
export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
