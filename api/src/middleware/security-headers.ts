import { createMiddleware } from 'hono/factory';
import { secureHeaders } from 'hono/secure-headers';
import type { AppEnv } from '../app-env.ts';

const common = secureHeaders({
  xFrameOptions: 'DENY',
  referrerPolicy: 'no-referrer',
  // Whether this host speaks https only is for whoever runs the proxy in front to say.
  strictTransportSecurity: false,
  // A route may say otherwise.
  overwrite: false,
});

/**
 * The headers of every answer. Nothing of it may be run, framed or guessed to be of another type; pages, which
 * have something to run, say themselves what.
 */
export function securityHeaders() {
  return createMiddleware<AppEnv>(async (c, next) => {
    await common(c, next);
    if (c.res.headers.has('Content-Security-Policy')) return;
    c.res.headers.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  });
}
