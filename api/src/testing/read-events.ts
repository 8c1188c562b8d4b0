interface ServerSentEvent {
  event: string;
  id: string;
  data: unknown;
}

export interface EventStream {
  response: Response;
  /** The next event; undefined when the stream has ended. */
  next(): Promise<ServerSentEvent | undefined>;
  /** How many comment lines have come. */
  comments(): number;
  /** After how many milliseconds the client is to reconnect, if the server said so. */
  retry(): number | undefined;
  /** Goes away, as a client that closes the connection. */
  close(): Promise<void>;
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream */
export function readEvents(response: Response): EventStream {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const events: ServerSentEvent[] = [];
  let text = '';
  let comments = 0;
  let retry: number | undefined;
  let ended = reader === undefined;
  let heard = () => {};

  const readBlock = (block: string) => {
    const fields = new Map<string, string>();
    for (const line of block.split('\n')) {
      if (line.startsWith(':')) comments += 1;
      else fields.set(line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart());
    }
    if (fields.has('retry')) retry = Number(fields.get('retry'));
    const data = fields.get('data');
    if (data === undefined) return;
    events.push({ event: fields.get('event') ?? '', id: fields.get('id') ?? '', data: JSON.parse(data) });
  };

  const readAll = async () => {
    while (reader) {
      const { done, value } = await reader.read();
      if (done) break;
      const blocks = (text + value).split('\n\n');
      text = blocks.pop() ?? '';
      blocks.forEach(readBlock);
      heard();
    }
  };
  readAll()
    .catch(() => {})
    .finally(() => {
      ended = true;
      heard();
    });

  return {
    response,
    async next() {
      while (events.length === 0 && !ended) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
      return events.shift();
    },
    comments: () => comments,
    retry: () => retry,
    close: async () => {
      await reader?.cancel().catch(() => {});
    },
  };
}
