import type { PostResult, UploadJob, UploadResult } from '@midjourney-api/shared/queues/queues';
import { uploadedBytesKey } from '@midjourney-api/shared/queues/queues';
import { UnrecoverableError } from 'bullmq';
import { SnowflakeUtil } from 'discord.js';
import type { Redis } from 'ioredis';
import type { DiscordRest } from '../discord/rest.ts';

/** Hands a client's picture to Discord, or posts one that Discord has to get a link for prompts. */
export async function processUpload(
  job: UploadJob,
  { redis, prefix, account, rest }: { redis: Redis; prefix: string; account: string; rest: DiscordRest },
): Promise<UploadResult | PostResult> {
  if (job.kind === 'post') {
    return { imageUrl: await rest.postImage(job, SnowflakeUtil.generate().toString()) };
  }
  const bytes = await redis.getBuffer(uploadedBytesKey(prefix, job.uploadId));
  if (!bytes) throw new UnrecoverableError('The uploaded bytes are gone; upload the picture again.');
  return { account, ...(await rest.upload({ ...job, bytes })) };
}
