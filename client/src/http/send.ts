import { Deadline } from './deadline.ts';
import { NoAnswer } from './no-answer.ts';
import { pause } from './pause.ts';
import { delayAfter, type RetryPlan, readRetryAfter } from './retry-plan.ts';

export type Fetch = (request: Request, init?: RequestInit) => Promise<Response>;

export interface SendOptions extends RetryPlan {
  fetch: Fetch;
  /** How long an answer may take before it counts as lost, in milliseconds. */
  patienceMs: number;
}

/**
 * Sends a request, with retries, and reads the answer to its end.
 * @throws NoAnswer if there is none, or the reason of the request's signal
 */
export function createSend(options: SendOptions): Fetch {
  return async function send(request) {
    for (let attempt = 1; ; attempt++) {
      const answer = await tryOnce(request, options).catch((error: unknown) => ({ error }));
      request.signal.throwIfAborted();
      const isLost = 'error' in answer;
      const outcome = isLost ? 'lost' : { status: answer.status, retryAfterMs: retryAfterOf(answer) };
      const delayMs = delayAfter(outcome, attempt, options);
      if (delayMs !== undefined) await pause(delayMs, request.signal);
      else if (isLost) throw new NoAnswer(request, attempt, answer.error);
      else return answer;
    }
  };
}

async function tryOnce(request: Request, { fetch, patienceMs }: SendOptions): Promise<Response> {
  const deadline = new Deadline(patienceMs + waitMsOf(request), request.signal);
  try {
    const response = await fetch(request.clone(), { signal: deadline.signal });
    const body = await response.arrayBuffer();
    const { status, statusText, headers } = response;
    return new Response(body.byteLength > 0 ? body : null, { status, statusText, headers });
  } finally {
    deadline.end();
  }
}

/** How long the request lets the service wait for a change before it answers. */
function waitMsOf({ url }: Request): number {
  return 1_000 * Number(new URL(url).searchParams.get('wait'));
}

function retryAfterOf({ headers }: Response): number | undefined {
  return readRetryAfter(headers.get('Retry-After'));
}
