import { createMiddleware } from 'hono/factory';
import { secureHeaders } from 'hono/secure-headers';
import type { AppEnv } from '../app-env.ts';

const common = secureHeaders({
  xFrameOptions: 'DENY',
  referrerPolicy: 'no-referrer',
  // Whether this host speaks https only is up to the proxy in front.
  strictTransportSecurity: false,
  // Routes may say otherwise, see below.
  crossOriginResourcePolicy: false,
  // What the policies below say already, or what only browsers of long ago know.
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
});

/**
 * The headers of every answer. Its content may not be run, framed or guessed to be of another type. Pages with scripts
 * set a policy of their own.
 */
export function securityHeaders() {
  return createMiddleware<AppEnv>(async (c, next) => {
    await common(c, next);
    const { headers } = c.res;
    if (!headers.has('Cross-Origin-Resource-Policy'))
      headers.set('Cross-Origin-Resource-Policy', 'same-origin');
    if (headers.has('Content-Security-Policy')) return;
    headers.set('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  });
}
