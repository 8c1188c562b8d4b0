import { randomUUID } from 'node:crypto';
import type { UploadJob, UploadJobResult } from '@midjourney-api/shared/queues/catalogue';
import type { Dependencies } from '../../dependencies.ts';
import { TimeLimitExceeded, withTimeLimit } from '../../time-limit.ts';
import { Refusal } from '../refusal.ts';

/**
 * Has a worker do something with a file at Discord, and waits for the result.
 * @throws {Refusal} `unavailable` when no worker took it in time, it failed, or Redis is unreachable.
 */
export async function runUploadJob(
  { queues, uploadEvents }: Pick<Dependencies, 'queues' | 'uploadEvents'>,
  job: UploadJob,
  limitMs = 30_000,
): Promise<UploadJobResult> {
  const added = await withTimeLimit(
    queues.uploads.add(job.kind, job, { jobId: `${job.kind}-${randomUUID()}` }),
    1_000,
  ).catch((cause) => {
    throw redisUnreachable(cause);
  });
  try {
    // BullMQ's own limit, a little later than ours, removes its listeners.
    return await withTimeLimit(added.waitUntilFinished(uploadEvents, limitMs + 1_000), limitMs);
  } catch (cause) {
    await added.remove().catch(() => {});
    throw new Refusal(
      'unavailable',
      cause instanceof TimeLimitExceeded
        ? `No worker handed the file to Discord within ${limitMs / 1_000} seconds. Try again later.`
        : 'Discord did not take the file. Try again later, or send the operator the request_id.',
      { cause },
    );
  }
}

/** No worker can be reached. */
export function redisUnreachable(cause: unknown): Refusal {
  return new Refusal(
    'unavailable',
    'Redis cannot be reached, so no worker can take the file. Try again soon.',
    { cause },
  );
}
