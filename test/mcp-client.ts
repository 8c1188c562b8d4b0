import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import {
  Client,
  type Progress,
  StreamableHTTPClientTransport,
  type VersionNegotiationMode,
} from '@modelcontextprotocol/client';

/** What a tool answered, as far as tests look into it. */
export interface ToolAnswer {
  isError: boolean;
  /** For people. */
  sentence: string;
  /** The second text, parsed. */
  json: TaskView & { data: TaskView[]; next_cursor: string | null };
  pictures: { mimeType: string; bytes: Buffer }[];
}

export interface McpClient {
  client: Client;
  call(
    name: string,
    args?: Record<string, unknown>,
    options?: { onprogress?: (progress: Progress) => void; signal?: AbortSignal },
  ): Promise<ToolAnswer>;
  close(): Promise<void>;
}

/**
 * The SDK's own client of `/mcp`, over real sockets.
 * @param mode which revisions of the protocol it speaks: those with `initialize`, or the newest that both know
 */
export async function connectMcp(
  apiUrl: string,
  headers: Record<string, string>,
  mode: VersionNegotiationMode = 'auto',
): Promise<McpClient> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  const transport = new StreamableHTTPClientTransport(new URL('/mcp', apiUrl), { requestInit: { headers } });
  await client.connect(transport);
  return {
    client,
    async call(name, args = {}, options = {}) {
      const { content, isError = false } = await client.callTool({ name, arguments: args }, options);
      const texts = content.flatMap((block) => (block.type === 'text' ? block.text : []));
      const [sentence = '', json] = texts.length === 1 ? [texts[0], texts[0]] : texts;
      return {
        isError,
        sentence,
        json: json?.startsWith('{') ? JSON.parse(json) : undefined,
        pictures: content.flatMap((block) =>
          block.type === 'image'
            ? { mimeType: block.mimeType, bytes: Buffer.from(block.data, 'base64') }
            : [],
        ),
      };
    },
    close: () => client.close(),
  };
}
