import { isRefused } from '@midjourney-api/shared/accounts/account-states';
import { type AccountRow, getAccount } from '@midjourney-api/shared/accounts/accounts';
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
import { isLocked, type OpenAccount } from '../accounts/pool/open-account.ts';
import type { Sessions } from '../accounts/pool/sessions.ts';
import type { Dependencies } from '../dependencies.ts';
import type { DiscordAccount } from '../discord/discord-account.ts';
import { proxyAt } from '../discord/proxy.ts';
import { createDiscordRest, type DiscordRest } from '../discord/rest/discord-rest.ts';
import { fetchFile } from './fetch-file.ts';
import { processUpload } from './process-upload.ts';

const uploadsAtATime = 4;

const keyOf = ({ userToken, proxy }: DiscordAccount) => `${userToken} ${proxy}`;

/** Takes uploads while this worker has an account that is ready. @returns a function that stops it. */
export function startUploads(
  open: OpenAccount,
  sessions: Sessions,
  { config, db, redis, metrics, log }: Dependencies,
): () => Promise<void> {
  const rests = new Map<string, DiscordRest>();
  const unlocked = (row: AccountRow) => {
    const opened = open(row);
    if (isLocked(opened)) throw new Error(`${row.name}: ${opened.lockedBecause}`);
    return opened;
  };
  const noteRefusal = (name: string, refusal: AccountRefusal) => {
    const session = sessions.of(name);
    if (session) session.standing.refuse(refusal);
    else
      recordRefusal(db, name, refusal).catch((err) =>
        log.error(
          { err, account: name, reason: refusal.reason },
          'could not record that the account is refused',
        ),
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
          const opened = unlocked(row);
          if (isRefused(row.state)) throw new Error(`${name}: the account is refused.`);
          const rest =
            rests.get(keyOf(opened)) ??
            createDiscordRest(config.DISCORD_API_URL, opened, metrics, {
              refusal: () => sessions.of(name)?.standing.refusal,
              onAccountRefused: (refusal) => noteRefusal(name, refusal),
            });
          rests.set(keyOf(opened), rest);
          return rest;
        },
        fetchFile: async (name, link) => {
          const { proxy } = unlocked(await getAccount(db, name));
          return fetchFile(link, { proxy: proxyAt(proxy), allowPrivate: config.ALLOW_PRIVATE_DOWNLOADS });
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
