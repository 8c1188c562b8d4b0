import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { objectionToHook } from '@midjourney-api/shared/outbound/public-address';
import { createPublicLookup, NotPublic, type Resolve } from '@midjourney-api/shared/outbound/public-lookup';

export type HookAnswer =
  | { taken: true }
  /** `gone`: it wants no more, ever. The reason is for people and names neither the URL nor its host. */
  | { taken: false; gone: boolean; reason: string };

export interface PostOptions {
  allowPrivate: boolean;
  /** For everything from the look-up of its name to the answer's status. */
  timeLimitMs: number;
  /** Breaks the request off. */
  signal: AbortSignal;
  resolve?: Resolve;
}

/** What is read of an answer's body, which nobody looks at, to let its sender finish. */
const mostAnswerBytes = 65_536;

/**
 * Posts JSON to a hook. Redirects are not followed: each could lead to where the hook itself may not.
 * @throws only when the signal broke it off.
 */
export async function postToHook(
  hook: string,
  body: string,
  headers: Record<string, string>,
  options: PostOptions,
): Promise<HookAnswer> {
  const objection = objectionToHook(hook, options);
  if (objection) return { taken: false, gone: false, reason: `The hook ${objection}.` };
  try {
    const status = await post(new URL(hook), body, headers, options);
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

function post(
  url: URL,
  body: string,
  headers: Record<string, string>,
  { allowPrivate, timeLimitMs, signal, resolve }: PostOptions,
): Promise<number> {
  return new Promise((done, fail) => {
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    const sent = request(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'midjourney-api',
        ...headers,
      },
      // A connection of its own: one that is kept may be closed by the hook just as the next request goes out.
      agent: false,
      ...(!allowPrivate && { lookup: createPublicLookup(resolve) }),
    });
    const timer = setTimeout(() => sent.destroy(new NoAnswer()), timeLimitMs);
    const breakOff = () => sent.destroy(new Error('broken off'));
    signal.addEventListener('abort', breakOff);
    sent.on('close', () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', breakOff);
    });
    sent.on('error', fail);
    sent.on('response', (answer) => {
      done(answer.statusCode ?? 0);
      let read = 0;
      answer.on('error', () => {});
      answer.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (read > mostAnswerBytes) sent.destroy();
      });
    });
    if (signal.aborted) breakOff();
    else sent.end(body);
  });
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
  EPROTO: 'The hook does not speak TLS.',
};

/** Node's own messages name the host, which for some services is the secret part of a hook's URL. */
function reasonOf(error: unknown, timeLimitMs: number): string {
  if (error instanceof NotPublic) return 'The host name of the hook leads to an address that is not public.';
  if (error instanceof NoAnswer) return `The hook did not answer within ${timeLimitMs / 1_000} seconds.`;
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  if (/CERT|ISSUER|SIGNATURE|ALTNAME/.test(code)) return `The hook's certificate is not valid (${code}).`;
  return reasons[code] ?? `The connection to the hook failed (${code}).`;
}
