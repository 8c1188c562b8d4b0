import type { AccountInfo } from '@midjourney-api/shared/accounts/account-info';
import { accountQueue, type InfoJob } from '@midjourney-api/shared/queues/queues';
import { Queue, QueueEvents } from 'bullmq';
import { Refusal } from '../commands/refusal.ts';
import type { Dependencies } from '../dependencies.ts';
import { withTimeLimit } from '../time-limit.ts';

const answerWithinMs = 15_000;

/**
 * Lets the worker that has an account ask Midjourney for its `/info`, and waits for it.
 * @throws {Refusal} 503 when there is no answer in time, or Redis is away.
 */
export async function askAccount(
  { redis, config }: Pick<Dependencies, 'redis' | 'config'>,
  account: string,
): Promise<AccountInfo> {
  const name = accountQueue(account);
  const prefix = config.REDIS_PREFIX;
  // QueueEvents blocks its connection.
  const connection = redis.duplicate({ enableOfflineQueue: true, maxRetriesPerRequest: null });
  connection.on('error', () => {});
  const queue = new Queue<InfoJob, AccountInfo>(name, { connection: redis, prefix });
  const events = new QueueEvents(name, { connection, prefix });
  queue.on('error', () => {});
  events.on('error', () => {});
  try {
    return await withTimeLimit(
      (async () => {
        await events.waitUntilReady();
        const options = { attempts: 1, removeOnComplete: { age: 60 }, removeOnFail: { age: 60 } };
        const job = await queue.add('info', { ask: 'info' }, options);
        return job.waitUntilFinished(events, answerWithinMs);
      })(),
      answerWithinMs,
    );
  } catch (cause) {
    throw new Refusal('unavailable', `The account "${account}" got no answer to /info. Try again later.`, {
      cause,
    });
  } finally {
    await Promise.allSettled([events.close(), queue.close()]);
    connection.disconnect();
  }
}
