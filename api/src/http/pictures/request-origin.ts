import type { Context } from 'hono';

/**
 * Where a client reached this service. Trusted proxies say it in X-Forwarded-Proto and X-Forwarded-Host; what a
 * client wrote there itself stands further left.
 */
export function requestOrigin(c: Context, trustedProxies: number): string {
  const requested = new URL(c.req.url);
  if (trustedProxies === 0) return requested.origin;
  const forwarded = (header: string) => c.req.header(header)?.split(',').slice(-trustedProxies)[0]?.trim();
  const protocol = forwarded('X-Forwarded-Proto') ?? requested.protocol.slice(0, -1);
  const origin = `${protocol}://${forwarded('X-Forwarded-Host') ?? requested.host}`;
  return /^https?:/.test(origin) && URL.canParse(origin) ? new URL(origin).origin : requested.origin;
}
