import type { Config } from '@midjourney-api/shared/config/config';

/** The path under which stored pictures are served. */
export const picturesPath = '/v1/images';

/**
 * The address under which stored pictures are shown; undefined when none are kept.
 * @param origin where a client reached this service; it counts where the operator has set no PUBLIC_URL.
 */
export function picturesAt(
  { IMAGE_STORE, PUBLIC_URL, PORT }: Pick<Config, 'IMAGE_STORE' | 'PUBLIC_URL' | 'PORT'>,
  origin = `http://localhost:${PORT}`,
): string | undefined {
  return IMAGE_STORE === 'none' ? undefined : (PUBLIC_URL ?? origin).replace(/\/+$/, '') + picturesPath;
}
