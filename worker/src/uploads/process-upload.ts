import type { PostResult, UploadJob, UploadResult } from '@midjourney-api/shared/queues/queues';
import { uploadedBytesKey } from '@midjourney-api/shared/queues/queues';
import { UnrecoverableError } from 'bullmq';
import { SnowflakeUtil } from 'discord.js';
import type { Redis } from 'ioredis';
import type { DiscordRest } from '../discord/rest.ts';

export interface ProcessUploadContext {
  redis: Redis;
  prefix: string;
  /** The account that takes the next upload. @throws when none can. */
  chooseAccount(): string;
  /** Discord as this account uses it, whoever drives it. @throws when there is no such account. */
  restOf(account: string): Promise<DiscordRest>;
}

/** Hands a client's picture to Discord, or posts one that Discord has to get a link for prompts. */
export async function processUpload(
  job: UploadJob,
  context: ProcessUploadContext,
): Promise<UploadResult | PostResult> {
  if (job.kind === 'post') {
    const rest = await context.restOf(job.account);
    return { imageUrl: await rest.postImage(job, SnowflakeUtil.generate().toString()) };
  }
  const bytes = await context.redis.getBuffer(uploadedBytesKey(context.prefix, job.uploadId));
  if (!bytes) throw new UnrecoverableError('The uploaded bytes are gone; upload the picture again.');
  const account = job.account ?? context.chooseAccount();
  const rest = await context.restOf(account);
  return { account, ...(await rest.upload({ ...job, bytes })) };
}
