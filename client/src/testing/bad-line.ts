import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { closeServer, listen } from '../../../test/listen.ts';

/**
 * What happens to a request on its way: it is dropped before it arrives, its answer is lost, nothing comes back at all,
 * only the first part of its answer arrives, or a proxy answers in place of the service.
 */
export type Mishap =
  | 'dropped'
  | 'answer lost'
  | 'silence'
  | 'cut'
  | { status: number; headers?: Record<string, string>; body?: string };

export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
}

/** A line to the service on which things go wrong as a test says. */
export interface BadLine {
  url: string;
  /** All that came, in order, however it ended. */
  requests: SeenRequest[];
  /** What happens to the next requests, in order; those after them arrive. */
  next(...mishaps: (Mishap | undefined)[]): void;
  /** What happens to all of these, before what `next` says. */
  always(mishap: (request: SeenRequest) => Mishap | undefined): void;
  /** How many requests have no whole answer yet. */
  open(): number;
  close(): Promise<void>;
}

export async function openBadLine(servicePort: number): Promise<BadLine> {
  const requests: SeenRequest[] = [];
  let planned: (Mishap | undefined)[] = [];
  let always: (request: SeenRequest) => Mishap | undefined = () => undefined;

  let open = 0;
  const server = createServer((incoming, response) => {
    open += 1;
    response.once('close', () => {
      open -= 1;
    });
    const seen = { method: incoming.method ?? '', path: incoming.url ?? '', headers: incoming.headers };
    requests.push(seen);
    const mishap = always(seen) ?? planned.shift();
    if (mishap === 'silence') return;
    if (mishap === 'dropped') return void incoming.socket.destroy();
    if (typeof mishap === 'object') {
      incoming.resume();
      return void response.writeHead(mishap.status, mishap.headers).end(mishap.body);
    }
    passOn(incoming, response, servicePort, mishap);
  });
  return {
    url: `http://127.0.0.1:${await listen(server)}`,
    requests,
    next: (...mishaps) => {
      planned = mishaps;
    },
    always: (mishap) => {
      always = mishap;
    },
    open: () => open,
    close: () => closeServer(server),
  };
}

function passOn(
  incoming: IncomingMessage,
  response: ServerResponse,
  port: number,
  mishap: 'answer lost' | 'cut' | undefined,
): void {
  const { method, url, headers } = incoming;
  const passed = request({ host: '127.0.0.1', port, method, path: url, headers }, (answer) => {
    if (mishap === 'answer lost') {
      answer.resume().once('end', () => incoming.socket.destroy());
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    if (mishap === 'cut') return sendFirstPart(answer, response);
    answer.pipe(response);
  });
  passed.on('error', () => incoming.socket.destroy());
  incoming.pipe(passed);
  response.once('close', () => passed.destroy());
}

/** The first event of a stream; half of what comes at once. */
function sendFirstPart(answer: IncomingMessage, response: ServerResponse): void {
  answer.once('data', (chunk: Buffer) => {
    const isStream = answer.headers['content-type'] === 'text/event-stream';
    response.write(isStream ? chunk : chunk.subarray(0, chunk.length / 2), () => response.destroy());
    answer.destroy();
  });
}
