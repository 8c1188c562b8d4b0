import type { Outbound } from '@midjourney-api/shared/outbound/outbound';
import { NotPublic } from '@midjourney-api/shared/outbound/public-lookup';

export type HookAnswer =
  | { taken: true }
  /** `gone`: it wants no more, ever. The reason is for people and names neither the URL nor its host. */
  | { taken: false; gone: boolean; reason: string };

export interface PostOptions {
  outbound: Outbound;
  /** For everything from the look-up of its name to the end of its answer. */
  timeLimitMs: number;
  /** Aborts the request. */
  signal: AbortSignal;
}

/** How much of an answer's body is read and dropped, so that its sender can finish. */
const mostAnswerBytes = 65_536;

/**
 * Posts JSON to a hook. Redirects are not followed.
 * @throws only when the signal broke it off.
 */
export async function postToHook(
  hook: string,
  body: string,
  headers: Record<string, string>,
  options: PostOptions,
): Promise<HookAnswer> {
  try {
    const status = await post(hook, body, headers, options);
    if (status >= 200 && status < 300) return { taken: true };
    const redirect = status >= 300 && status < 400;
    return {
      taken: false,
      gone: status === 410,
      reason: `The hook answered ${status}${redirect ? '; redirects are not followed' : ''}.`,
    };
  } catch (error) {
    if (options.signal.aborted) throw error;
    return { taken: false, gone: false, reason: reasonOf(error, options.timeLimitMs) };
  }
}

/** @returns the status of the answer. */
async function post(
  hook: string,
  body: string,
  headers: Record<string, string>,
  { outbound, timeLimitMs, signal }: PostOptions,
): Promise<number> {
  const broken = new AbortController();
  const timer = setTimeout(() => broken.abort(new NoAnswer()), timeLimitMs);
  const breakOff = () => broken.abort(new Error('broken off'));
  signal.addEventListener('abort', breakOff);
  if (signal.aborted) breakOff();
  const end = () => {
    clearTimeout(timer);
    signal.removeEventListener('abort', breakOff);
  };
  try {
    const answer = await outbound(hook, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: broken.signal,
    });
    // Read in the background, within the same time.
    answer.body
      .dump({ limit: mostAnswerBytes })
      .catch(() => {})
      .finally(end);
    return answer.statusCode;
  } catch (error) {
    end();
    throw error;
  }
}

class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

const reasons: Record<string, string> = {
  ENOTFOUND: 'The host name of the hook is not known.',
  EAI_AGAIN: 'The host name of the hook could not be looked up.',
  ECONNREFUSED: 'The hook refused the connection.',
  ECONNRESET: 'The hook broke the connection off.',
  EPIPE: 'The hook broke the connection off.',
  UND_ERR_SOCKET: 'The hook broke the connection off.',
  UND_ERR_CONNECT_TIMEOUT: 'The hook did not accept the connection.',
  EPROTO: 'The hook does not speak TLS.',
};

/** The errors' own messages name the host, which for some services is the secret part of a hook's URL. */
function reasonOf(error: unknown, timeLimitMs: number): string {
  if (error instanceof NotPublic) {
    return error.objection
      ? `The hook ${error.objection}.`
      : 'The host name of the hook leads to an address that is not public.';
  }
  if (error instanceof NoAnswer) return `The hook did not answer within ${timeLimitMs / 1_000} seconds.`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (/CERT|ISSUER|SIGNATURE|ALTNAME/.test(code)) return `The hook's certificate is not valid (${code}).`;
  return reasons[code] ?? `The connection to the hook failed (${code}).`;
}
