import type { CallToolResult, McpServer, ServerContext, ToolCallback } from '@modelcontextprotocol/server';
import type { Context } from 'hono';
import type { z } from 'zod';
import { withAdvice } from '../../commands/advice.ts';
import type { PictureAtLink } from '../../pictures/picture-at-link.ts';
import type { ListTasks } from '../../queries/list-tasks.ts';
import type { FindQueuePosition } from '../../queries/queue-position.ts';
import type { AppEnv, RouteContext } from '../app-env.ts';
import { refusalOf } from '../problems/problem-response.ts';
import { mcpOperations } from './operations.ts';
import type { Progress } from './progress.ts';

/** What tools work with: made once. */
interface McpContext extends RouteContext {
  findPosition: FindQueuePosition;
  listTasks: ListTasks;
  pictureAtLink: PictureAtLink;
}

/** The request that carries a call. */
export interface CallRequest {
  c: Context<AppEnv>;
  mcp: McpContext;
}

export interface ToolCall extends CallRequest {
  /** Aborted when the client has gone, or cancelled the call. */
  signal: AbortSignal;
  /** Sends how far it is, where the client has asked for that. */
  report: (progress: Progress) => Promise<void>;
}

/** Adds a tool to the server that answers one request. */
export type AddTool = (server: McpServer, request: CallRequest) => void;

export interface ToolDescription<Schema extends z.ZodType> {
  name: string;
  title: string;
  /** For the model that decides when to call it, and how. */
  description: string;
  schema: Schema;
  /** Whether it changes nothing, and costs nothing. */
  readOnly?: boolean;
  /** Others do not see it. */
  forOperators?: boolean;
}

interface Tool<Schema extends z.ZodType> extends ToolDescription<Schema> {
  /** @throws {Refusal} which the client is sent as an error of the tool, with the same sentence. */
  run: (args: z.output<Schema>, call: ToolCall) => Promise<CallToolResult>;
}

export function tool<Schema extends z.ZodType>({
  name,
  title,
  description,
  schema,
  readOnly = false,
  forOperators = false,
  run,
}: Tool<Schema>): AddTool {
  return function addTool(server, request) {
    const { c, mcp } = request;
    if (forOperators && c.get('user').role !== 'operator') return;
    const call = async (args: z.output<Schema>, { mcpReq }: ServerContext): Promise<CallToolResult> => {
      try {
        return await run(args, { ...request, signal: mcpReq.signal, report: reporterOf(mcpReq) });
      } catch (error) {
        const requestId = c.get('requestId');
        const refusal = refusalOf(error);
        const line = { request_id: requestId, user: c.get('user').userName, tool: name };
        if (refusal) mcp.log.info({ ...line, problem: refusal.code }, 'tool call refused');
        else mcp.log.error({ ...line, err: error }, 'tool call failed');
        const text = refusal
          ? withAdvice(refusal.message, refusal.advice, mcpOperations)
          : internalError(requestId);
        return { content: [textBlock(text)], isError: true };
      }
    };
    server.registerTool(
      name,
      {
        title,
        description,
        inputSchema: schema,
        annotations: {
          readOnlyHint: readOnly,
          destructiveHint: false,
          idempotentHint: readOnly,
          openWorldHint: !readOnly,
        },
      },
      // Its arguments are what the schema made of them; of a generic schema that cannot be inferred.
      call as ToolCallback<Schema>,
    );
  };
}

export function textBlock(text: string) {
  return { type: 'text' as const, text };
}

function internalError(requestId: string): string {
  return `Something went wrong here. Tell the operator this request_id: ${requestId}.`;
}

function reporterOf({ _meta: meta, notify }: ServerContext['mcpReq']): ToolCall['report'] {
  const progressToken = meta?.progressToken;
  if (progressToken === undefined) return async () => {};
  return (progress) =>
    notify({ method: 'notifications/progress', params: { progressToken, ...progress } }).catch(() => {
      // The client has gone, and `signal` says so.
    });
}
