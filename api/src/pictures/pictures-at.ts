import type { Config } from '@midjourney-api/shared/config/config';
import type { Context } from 'hono';

export const imagesPath = '/v1/images';

type Settings = Pick<Config, 'IMAGE_STORE' | 'PUBLIC_URL' | 'PORT' | 'TRUST_PROXY'>;

/**
 * The address under which stored pictures are shown to who asks: PUBLIC_URL, or else where they reached this
 * service themselves. Undefined when pictures are not kept.
 */
export function imagesAtFor(c: Context, config: Settings): string | undefined {
  return imagesUnder(config, config.PUBLIC_URL ?? originOf(c, config.TRUST_PROXY));
}

/** The same for hooks, which are told without having asked. */
export function imagesAtForHooks(config: Settings): string | undefined {
  return imagesUnder(config, config.PUBLIC_URL ?? `http://localhost:${config.PORT}`);
}

function imagesUnder({ IMAGE_STORE }: Settings, base: string): string | undefined {
  return IMAGE_STORE === 'none' ? undefined : base.replace(/\/+$/, '') + imagesPath;
}

/** Proxies that are trusted say what they were asked for; what a client wrote there itself stands further left. */
function originOf(c: Context, trustedProxies: number): string {
  const asked = new URL(c.req.url);
  if (trustedProxies === 0) return asked.origin;
  const forwarded = (header: string) => c.req.header(header)?.split(',').slice(-trustedProxies)[0]?.trim();
  const protocol = forwarded('X-Forwarded-Proto') ?? asked.protocol.slice(0, -1);
  const origin = `${protocol}://${forwarded('X-Forwarded-Host') ?? asked.host}`;
  return /^https?:/.test(origin) && URL.canParse(origin) ? new URL(origin).origin : asked.origin;
}
