import { getAccount } from '@midjourney-api/shared/accounts/accounts';
import type { Config } from '@midjourney-api/shared/config/config';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import {
  catalogue,
  readJob,
  type UploadJob,
  type UploadJobResult,
} from '@midjourney-api/shared/queues/catalogue';
import { queueNames } from '@midjourney-api/shared/queues/keys';
import { createQueueWorker } from '@midjourney-api/shared/queues/queue-worker';
import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { AccountSession } from '../accounts/account-session.ts';
import { isLocked, type OpenAccount } from '../accounts/open-account.ts';
import { createDiscordRest, type DiscordRest } from '../discord/rest.ts';
import type { WorkerMetrics } from '../metrics.ts';
import { processUpload } from './process-upload.ts';

const uploadsAtATime = 4;

export interface UploadsOptions {
  config: Config;
  db: Database;
  redis: Redis;
  metrics: WorkerMetrics;
  open: OpenAccount;
  /** Those of the accounts that this worker has now. */
  sessions(): AccountSession[];
  log: Logger;
}

export interface Uploads {
  /** To be called whenever an account may have become ready, or be no longer be ready. */
  accountsChanged(): void;
  stop(): Promise<void>;
}

/** Takes uploads while this worker has an account that is ready. */
export function startUploads({ config, db, redis, metrics, open, sessions, log }: UploadsOptions): Uploads {
  const rests = new Map<string, DiscordRest>();
  const queue = createQueueWorker(
    queueNames.uploads,
    (job: Job<UploadJob, UploadJobResult>) =>
      processUpload(readJob(catalogue.upload, job), {
        db,
        redis,
        prefix: config.REDIS_PREFIX,
        chooseAccount: () => {
          const [next] = sessions()
            .filter(({ standing }) => standing.isReady)
            .sort((a, b) => a.load - b.load);
          if (!next) throw new Error('No account can take an upload now.');
          return next.name;
        },
        restOf: async (name) => {
          const opened = open(await getAccount(db, name));
          if (isLocked(opened)) throw new Error(`${name}: ${opened.lockedBecause}`);
          const rest =
            rests.get(opened.userToken) ??
            createDiscordRest(config.DISCORD_API_URL, opened, metrics, {
              onAccountRefused: ({ code, message }) =>
                sessions()
                  .find((session) => session.name === name)
                  ?.standing.refuse(code, message),
            });
          rests.set(opened.userToken, rest);
          return rest;
        },
      }),
    { config, redis, log },
    { autorun: false, concurrency: uploadsAtATime },
  );

  return {
    accountsChanged() {
      const ready = sessions().some(({ standing }) => standing.isReady);
      void (ready ? queue.resume() : queue.pause(true));
    },
    async stop() {
      void queue.pause(true);
      await queue.close();
    },
  };
}
