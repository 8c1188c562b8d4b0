import { createOutbound, type OutboundOptions } from '@midjourney-api/shared/outbound/outbound';
import { NotPublic } from '@midjourney-api/shared/outbound/public-lookup';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';

export interface DownloadOptions {
  /** Bytes. */
  mostBytes: number;
  /** Cancels the download. */
  signal: AbortSignal;
}

/** The link will never lead to a picture that can be kept: another attempt is useless. */
export class NotToKeep extends Error {
  override readonly name = 'NotToKeep';
}

/** Not now; another attempt may succeed. */
class NotFetched extends Error {
  override readonly name = 'NotFetched';
}

/**
 * Fetches the file that one of Discord's links leads to. Redirects are not followed.
 * @throws {NotToKeep} when the link may not be followed, or the file is too large.
 * @throws when it could not be fetched now, or the signal cancelled it. No message names the link, which is signed.
 */
export type Download = (link: string, options: DownloadOptions) => Promise<Buffer>;

/** The same, through the proxy of the account that drew the task, where it has one. */
export type AccountDownload = (taskId: TaskId, ...rest: Parameters<Download>) => Promise<Buffer>;

/** @param reach which addresses a link may lead to */
export function createDownload(reach: OutboundOptions): Download {
  const outbound = createOutbound(reach);

  return async (link, { mostBytes, signal }) => {
    try {
      const { statusCode, headers, body } = await outbound(link, { method: 'GET', signal });
      const announcedBytes = Number(headers['content-length'] ?? 0);
      if (statusCode === 200 && announcedBytes <= mostBytes) return await readAll(body, mostBytes);
      body.dump().catch(() => {});
      throw statusCode === 200 ? tooLarge(mostBytes) : new NotFetched(`The link answered ${statusCode}.`);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof NotPublic) {
        throw new NotToKeep(
          'The link does not lead to a public address by https. For a simulator set ALLOW_PRIVATE_DOWNLOADS=1.',
        );
      }
      if (error instanceof NotToKeep || error instanceof NotFetched) throw error;
      const code = error instanceof Error && 'code' in error ? error.code : 'unknown';
      throw new NotFetched(`The picture could not be fetched (${code}).`);
    }
  };
}

async function readAll(body: AsyncIterable<Buffer>, mostBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > mostBytes) throw tooLarge(mostBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(mostBytes: number): NotToKeep {
  return new NotToKeep(`The file is larger than ${mostBytes} bytes.`);
}
