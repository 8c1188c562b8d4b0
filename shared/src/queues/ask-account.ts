import { QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import { waitingConnection } from '../redis.ts';
import type { Answers, QuestionJob } from './catalogue.ts';
import { questionsQueue } from './keys.ts';
import type { Queues } from './queues.ts';

export interface AskConnections {
  redis: Redis;
  queues: Pick<Queues, 'ask'>;
  /** REDIS_PREFIX */
  prefix: string;
}

/**
 * Asks the worker that has the account.
 * @throws if it does not answer in time, for example because no worker has the account. Waits while Redis is down, so
 * callers must limit the time.
 */
export async function askAccount<Question extends keyof Answers>(
  { redis, queues, prefix }: AskConnections,
  account: string,
  question: Question,
  withinMs: number,
  about: QuestionJob = {},
): Promise<Answers[Question]> {
  // QueueEvents blocks its connection.
  const connection = waitingConnection(redis);
  const events = new QueueEvents(questionsQueue(account), { connection, prefix });
  events.on('error', () => {});
  try {
    await events.waitUntilReady();
    const job = await queues.ask(account, question, about);
    try {
      return await job.waitUntilFinished(events, withinMs);
    } catch (error) {
      // Nobody waits for the answer now, so a later worker need not ask.
      await job.remove().catch(() => {});
      throw error;
    }
  } finally {
    await events.close().catch(() => {});
    connection.disconnect();
  }
}
