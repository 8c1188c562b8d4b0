import { isRefused } from '@midjourney-api/shared/accounts/account-states';
import { getAccount } from '@midjourney-api/shared/accounts/accounts';
import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import { recordRefusal } from '@midjourney-api/shared/accounts/standing';
import {
  catalogue,
  readJob,
  type UploadJob,
  type UploadJobResult,
} from '@midjourney-api/shared/queues/catalogue';
import { queueNames } from '@midjourney-api/shared/queues/keys';
import { createQueueWorker } from '@midjourney-api/shared/queues/queue-worker';
import type { Job } from 'bullmq';
import { isLocked, type OpenAccount } from '../accounts/open-account.ts';
import type { Sessions } from '../accounts/sessions.ts';
import type { Dependencies } from '../dependencies.ts';
import { createDiscordRest, type DiscordRest } from '../discord/rest.ts';
import { processUpload } from './process-upload.ts';

const uploadsAtATime = 4;

/** Takes uploads while this worker has an account that is ready. @returns a function that stops it. */
export function startUploads(
  open: OpenAccount,
  sessions: Sessions,
  { config, db, redis, metrics, log }: Dependencies,
): () => Promise<void> {
  const rests = new Map<string, DiscordRest>();
  const noteRefusal = (name: string, refusal: AccountRefusal) => {
    const session = sessions.of(name);
    if (session) session.standing.refuse(refusal);
    else
      recordRefusal(db, name, refusal).catch((err) =>
        log.error({ err, account: name, reason: refusal.reason }, 'a refusal of the account is not recorded'),
      );
  };
  const queue = createQueueWorker(
    queueNames.uploads,
    (job: Job<UploadJob, UploadJobResult>) =>
      processUpload(readJob(catalogue.upload, job), {
        db,
        redis,
        prefix: config.REDIS_PREFIX,
        chooseAccount: () => {
          const [next] = sessions.ready();
          if (!next) throw new Error('No account can take an upload now.');
          return next.name;
        },
        restOf: async (name) => {
          const row = await getAccount(db, name);
          const opened = open(row);
          if (isLocked(opened)) throw new Error(`${name}: ${opened.lockedBecause}`);
          if (isRefused(row.state)) throw new Error(`${name}: the account is refused.`);
          const rest =
            rests.get(opened.userToken) ??
            createDiscordRest(config.DISCORD_API_URL, opened, metrics, {
              refusal: () => sessions.of(name)?.standing.refusal,
              onAccountRefused: (refusal) => noteRefusal(name, refusal),
            });
          rests.set(opened.userToken, rest);
          return rest;
        },
      }),
    { config, redis, log },
    { autorun: false, concurrency: uploadsAtATime },
  );

  sessions.onChange(() => void (sessions.ready().length > 0 ? queue.resume() : queue.pause(true)));

  return async () => {
    void queue.pause(true);
    await queue.close();
  };
}
