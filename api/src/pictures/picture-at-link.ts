import type { Config } from '@midjourney-api/shared/config/config';
import { invalidField, Refusal } from '../commands/refusal.ts';
import { createDownload } from './download.ts';
import type { KeptPictures } from './kept-pictures.ts';
import { picturesPath } from './pictures-at.ts';

const timeLimitMs = 30_000;

/**
 * The file that a link leads to: a picture that is kept here, or one at any public address.
 * @param field that named it, for the refusal
 * @throws {Refusal} `invalid_request` when it cannot be fetched, `too_large` when it is larger than uploads may be.
 */
export type PictureAtLink = (field: string, link: string) => Promise<Buffer>;

export function createPictureAtLink({
  config,
  keptPictures,
}: {
  config: Pick<Config, 'ALLOW_PRIVATE_DOWNLOADS' | 'UPLOAD_LIMIT_BYTES'>;
  keptPictures: KeptPictures | undefined;
}): PictureAtLink {
  const mostBytes = config.UPLOAD_LIMIT_BYTES;
  const download = createDownload({ allowPrivate: config.ALLOW_PRIVATE_DOWNLOADS });

  /** This service may be unable to reach itself by the address that its clients know. */
  async function readKept({ pathname, searchParams }: URL): Promise<Buffer | undefined> {
    const [folder, name = ''] = [pathname.slice(0, picturesPath.length), pathname.split('/').at(-1)];
    const picture = folder === picturesPath ? await keptPictures?.find(name) : undefined;
    if (!keptPictures || !picture || picture.unpaid) return undefined;
    const part = /^[1-4]$/.exec(searchParams.get('part') ?? '')?.[0];
    const variant = keptPictures.variantOf(picture, { part: part === undefined ? undefined : Number(part) });
    const stored = await keptPictures.open(picture, variant);
    if (!stored) return undefined;
    if (stored.size > mostBytes)
      throw new Refusal('too_large', `The picture is larger than ${mostBytes} bytes.`);
    return Buffer.from(await new Response(await stored.read()).arrayBuffer());
  }

  return async (field, link) => {
    const kept = await readKept(new URL(link));
    if (kept) return kept;
    return download(link, { mostBytes, signal: AbortSignal.timeout(timeLimitMs) }).catch((error) => {
      throw invalidField(field, `leads to no picture that can be fetched: ${sentence(error)}`);
    });
  };
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
