import { createMiddleware } from 'hono/factory';
import { Refusal } from '../../commands/refusal.ts';
import type { AppEnv } from '../app-env.ts';

/** Refuses addresses that are longer than any client needs: they would fill the logs. */
export function urlLimit(maxLength: number) {
  return createMiddleware<AppEnv>(async (c, next) => {
    if (c.req.url.length > maxLength) {
      throw new Refusal('invalid_request', `The address is longer than ${maxLength} characters.`);
    }
    await next();
  });
}
