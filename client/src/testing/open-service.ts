import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { stopServer } from '../../../api/src/http/server/stop-server.ts';
import { openTestApi, type TestApi } from '../../../api/src/testing/open-test-api.ts';
import { listen } from '../../../test/listen.ts';
import { createClient, type MidjourneyClient } from '../create-client.ts';
import type { ClientOptions } from '../http/connection.ts';
import { type BadLine, openBadLine } from './bad-line.ts';

/** The api on a port, and a bad line to it. */
export interface Service {
  api: TestApi;
  line: BadLine;
  /** A client of a new user, by the bad line, which repeats without long pauses. */
  client(options?: Partial<ClientOptions>): Promise<MidjourneyClient>;
  close(): Promise<void>;
}

export async function openService(settings: Record<string, string> = {}): Promise<Service> {
  const api = await openTestApi(settings);
  const server = createServer(getRequestListener(api.app.fetch));
  const line = await openBadLine(await listen(server));
  let users = 0;
  return {
    api,
    line,
    client: async (options = {}) => {
      const { appKey } = await api.client(`user-${++users}`);
      return createClient({ baseUrl: line.url, appKey, longestDelayMs: 100, ...options });
    },
    close: async () => {
      await line.close();
      await stopServer(server, 100);
      await api.close();
    },
  };
}
