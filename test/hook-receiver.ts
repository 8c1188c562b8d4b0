import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { NoticeBody } from '@midjourney-api/shared/notices/notice-body';
import { isSigned } from '@midjourney-api/shared/results/signature';
import { closeServer, listen } from './listen.ts';

/** What a hook was sent, and whether the signature holds. */
export interface ReceivedNotice {
  id: string;
  path: string;
  headers: Record<string, string>;
  text: string;
  body: NoticeBody;
}

/** Answers a notice with a status and perhaps headers, or never. */
type HookBehaviour = (
  notice: ReceivedNotice,
) => { status: number; headers?: Record<string, string> } | 'hang' | 'break';

/** A customer's server for notify_hooks, on a real socket. */
export interface HookReceiver {
  url: string;
  port: number;
  /** Everything received, in order. */
  notices: ReceivedNotice[];
  /** Requests that wait for an answer now. */
  waiting: number;
  behave(behaviour: HookBehaviour): void;
  /** Waits until the received notices satisfy the predicate. */
  until(satisfied: (notices: ReceivedNotice[]) => boolean): Promise<void>;
  close(): Promise<void>;
}

interface ReceiverOptions {
  port?: number;
  tls?: { key: string; cert: string };
}

export async function openHookReceiver({ port = 0, tls }: ReceiverOptions = {}): Promise<HookReceiver> {
  let behaviour: HookBehaviour = () => ({ status: 204 });
  const checks = new Set<() => void>();

  const receive: RequestListener = async (request, response) => {
    receiver.waiting++;
    response.on('close', () => receiver.waiting--);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    );
    const notice = {
      id: headers['webhook-id'] ?? '',
      path: request.url ?? '',
      headers,
      text,
      body: JSON.parse(text) as NoticeBody,
    };
    receiver.notices.push(notice);
    const answer = behaviour(notice);
    if (answer === 'break') request.socket.destroy();
    else if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end();
    for (const check of checks) check();
  };

  const server: Server = tls ? createTlsServer(tls, receive) : createServer(receive);
  const bound = await listen(server, port);
  const receiver: HookReceiver = {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${bound}/hook`,
    port: bound,
    notices: [],
    waiting: 0,
    behave: (next) => {
      behaviour = next;
    },
    until: (satisfied) =>
      new Promise((resolve) => {
        const check = () => {
          if (!satisfied(receiver.notices)) return;
          checks.delete(check);
          resolve();
        };
        checks.add(check);
        check();
      }),
    close: () => closeServer(server),
  };
  return receiver;
}

/** Whether the notice carries a signature by the secret and is not old. */
export function isSignedBy(secret: string, { text, headers }: ReceivedNotice): boolean {
  return isSigned([secret], text, new Headers(headers));
}
