import { objectionToUrl } from '@midjourney-api/shared/outbound/public-address';
import { request } from 'undici';
import type { AccountProxy } from '../discord/proxy.ts';

/** As large as the api takes. */
const mostBytes = 100 * 1_024 * 1_024;
const timeLimitMs = 120_000;

/**
 * Fetches what one of Discord's links leads to, through a proxy. Redirects are not followed.
 * @throws without naming the link, which is signed.
 */
export async function fetchFile(
  link: string,
  { proxy, allowPrivate }: { proxy: AccountProxy | undefined; allowPrivate: boolean },
): Promise<Buffer> {
  const objection = objectionToUrl(link, { allowPrivate });
  if (objection) throw new Error(`The link ${objection}.`);
  const { statusCode, body } = await request(link, {
    ...(proxy && { dispatcher: proxy.dispatcher }),
    signal: AbortSignal.timeout(timeLimitMs),
  });
  if (statusCode !== 200) {
    await body.dump();
    throw new Error(`The link answered ${statusCode}.`);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > mostBytes) throw new Error(`The file is larger than ${mostBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
