import { bodyLimit as honoBodyLimit } from 'hono/body-limit';
import { createMiddleware } from 'hono/factory';
import { Refusal } from '../../commands/refusal.ts';
import { isMultipart } from './multipart-form.ts';

/** The largest JSON body. */
export const jsonBodyBytes = 1_048_576;

/**
 * Refuses bodies of more than `maxBytes` with 413, before or while they are read. Hono's own limit makes a stream of
 * each body to look at it, which costs as much as the rest of a small request: it is only needed for a body whose
 * length was not announced.
 */
export function bodyLimit(maxBytes: number, detail = `The body is larger than ${maxBytes} bytes.`) {
  const refuse = () => {
    throw new Refusal('too_large', detail);
  };
  const countWhileReading = honoBodyLimit({ maxSize: maxBytes, onError: refuse });
  return createMiddleware(async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    const announced = c.req.header('Content-Length');
    if (announced === undefined || c.req.header('Transfer-Encoding') !== undefined)
      return countWhileReading(c, next);
    if (Number(announced) > maxBytes) refuse();
    return next();
  });
}

/** The same for a route that takes a form with files, of up to `maxBytes`, or else JSON. */
export function formLimit(maxBytes: number, detail: string) {
  const limitForm = bodyLimit(maxBytes, detail);
  const limitJson = bodyLimit(jsonBodyBytes);
  return createMiddleware((c, next) =>
    isMultipart(c.req.header('Content-Type')) ? limitForm(c, next) : limitJson(c, next),
  );
}
