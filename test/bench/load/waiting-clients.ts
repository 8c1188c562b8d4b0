import { Agent, type IncomingMessage, request } from 'node:http';

/** The process of the clients that wait: each for one task, by `?wait=` or by its events. */

export interface WaitingPlan {
  url: string;
  clients: { taskId: string; path: string; appKey: string; how: 'wait' | 'events' }[];
}

export type WaitingReport =
  /** Every stream of events has sent its task's status; the others have asked. */
  | { is: 'waiting' }
  /** When a client had the next change of its task, in milliseconds since 1970, and what it received. */
  | { is: 'notified'; taskId: string; at: number; text: string }
  | { is: 'failed'; taskId: string; reason: string };

const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY });
const report = (what: WaitingReport) => process.connected && process.send?.(what);
/** At the same moment they would overflow the queue of the listening socket, which no crowd of real clients does. */
const comingAtOnce = 100;

process.on('message', async ({ url, clients }: WaitingPlan) => {
  for (let from = 0; from < clients.length; from += comingAtOnce) {
    await Promise.all(
      clients
        .slice(from, from + comingAtOnce)
        .map((client) => (client.how === 'events' ? follow(url, client) : ask(url, client))),
    );
  }
  report({ is: 'waiting' });
});
process.on('disconnect', () => process.exit(0));

type Client = WaitingPlan['clients'][number];

/** Resolves when it has received the task's status. */
function follow(url: string, client: Client): Promise<void> {
  return new Promise((resolve) => {
    send(`${url}${client.path}/events`, client, (answer) => {
      let events = 0;
      answer.on('data', (chunk: string) => {
        if (!chunk.startsWith('event:')) return;
        if (++events === 1) resolve();
        else report({ is: 'notified', taskId: client.taskId, at: Date.now(), text: chunk });
      });
    });
  });
}

/** Resolves when the question was sent: its answer is the change. */
function ask(url: string, client: Client): Promise<void> {
  return new Promise((resolve) => {
    const sending = send(`${url}${client.path}?wait=60`, client, (answer) => {
      let text = '';
      answer.on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('end', () => report({ is: 'notified', taskId: client.taskId, at: Date.now(), text }));
    });
    sending.on('finish', resolve);
  });
}

function send(url: string, { taskId, appKey }: Client, read: (answer: IncomingMessage) => void) {
  const fail = (error: Error) => report({ is: 'failed', taskId, reason: error.message });
  const sending = request(url, { agent, headers: { authorization: `Bearer ${appKey}` } }, (answer) => {
    if (answer.statusCode !== 200) return fail(new Error(`answered with ${answer.statusCode}`));
    answer.setEncoding('utf8').on('error', fail);
    read(answer);
  });
  sending.on('error', fail);
  sending.end();
  return sending;
}
