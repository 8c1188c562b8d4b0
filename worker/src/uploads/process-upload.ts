import type { Database } from '@midjourney-api/shared/database/connect';
import type { UploadJob, UploadJobResult } from '@midjourney-api/shared/queues/catalogue';
import { fetchedBytesKey, uploadedBytesKey } from '@midjourney-api/shared/queues/keys';
import { UnrecoverableError } from 'bullmq';
import { SnowflakeUtil } from 'discord.js';
import type { Redis } from 'ioredis';
import type { DiscordRest } from '../discord/rest/discord-rest.ts';
import { refreshLinks } from './refresh-links.ts';

export interface ProcessUploadContext {
  db: Database;
  redis: Redis;
  prefix: string;
  /** The account that takes the next upload. @throws when none can. */
  chooseAccount(): string;
  /** Discord's REST API as this account uses it, whichever worker has it. @throws when there is no such account. */
  restOf(account: string): Promise<DiscordRest>;
  /** The file behind one of Discord's links, as this account reaches it. */
  fetchFile(account: string, link: string): Promise<Buffer>;
}

/** How long the api has to take a fetched file, in seconds. */
const fetchedLifetime = 60;

/**
 * Uploads a client's picture to Discord, posts an uploaded one to get a link for prompts, fetches a file for the api,
 * or renews the links of finished pictures.
 */
export async function processUpload(job: UploadJob, context: ProcessUploadContext): Promise<UploadJobResult> {
  if (job.kind === 'refresh') {
    const rest = await context.restOf(context.chooseAccount());
    return { renewed: await refreshLinks(context.db, rest, job.taskIds) };
  }
  if (job.kind === 'fetch') {
    const bytes = await context.fetchFile(job.account, job.link);
    await context.redis.set(fetchedBytesKey(context.prefix, job.fileId), bytes, 'EX', fetchedLifetime);
    return { bytes: bytes.length };
  }
  if (job.kind === 'post') {
    const rest = await context.restOf(job.account);
    return { imageUrl: await rest.postPicture(job, SnowflakeUtil.generate().toString()) };
  }
  const bytes = await context.redis.getBuffer(uploadedBytesKey(context.prefix, job.uploadId));
  if (!bytes) throw new UnrecoverableError('The uploaded bytes are gone; upload the picture again.');
  const account = job.account ?? context.chooseAccount();
  const rest = await context.restOf(account);
  return { account, ...(await rest.upload({ ...job, bytes })) };
}
