import { createMcpHandler } from '@modelcontextprotocol/server';
import { Refusal } from '../../commands/refusal.ts';
import { createPictureAtLink } from '../../pictures/picture-at-link.ts';
import { createListTasks } from '../../queries/list-tasks.ts';
import { createQueuePosition } from '../../queries/queue-position.ts';
import type { Api, RouteContext } from '../app-env.ts';
import type { AuthDependencies } from '../auth/authenticate.ts';
import { bearerAuth } from '../auth/bearer-auth.ts';
import { createApi } from '../create-api.ts';
import { bodyLimit, jsonBodyBytes } from '../middleware/body-limit.ts';
import { allowedOrigin } from './allowed-origin.ts';
import { createMcpServer } from './mcp-server.ts';

/**
 * The Model Context Protocol over Streamable HTTP, without sessions: each POST is answered by a server of its own, whose
 * notifications go over the answer's stream.
 */
export function createMcp(context: RouteContext, auth: AuthDependencies): Api {
  const mcp = {
    ...context,
    findPosition: createQueuePosition(context),
    listTasks: createListTasks(context.db),
    pictureAtLink: createPictureAtLink(context),
  };
  const api = createApi();
  api.use(allowedOrigin(context.config));
  // MCP clients take 403 for a key that may not do this, 401 for a wrong one.
  api.use(bearerAuth(auth, 'credentials_required'));
  api.use(bodyLimit(jsonBodyBytes));

  api.post('/', async (c) => {
    const message: unknown = await c.req.json().catch(() => {
      throw new Refusal('invalid_request', 'The body must be JSON.');
    });
    // Each message counts as a request.
    if (Array.isArray(message))
      throw new Refusal('invalid_request', 'Send each JSON-RPC message by itself: batches are not taken.');
    const handler = createMcpHandler(() => createMcpServer({ c, mcp }), {
      // Proxies close a connection on which nothing comes for a while: a stream has comments.
      responseMode: 'sse',
      // Nothing changes that a client could listen for.
      maxSubscriptions: 0,
      onerror: (err) => context.log.debug({ request_id: c.get('requestId'), err }, 'mcp message refused'),
    });
    const answer = await handler.fetch(c.req.raw, { parsedBody: message });
    // With the headers that middleware has set, which a response of others would not get.
    return c.newResponse(answer.body, answer);
  });
  return api;
}
