import { isRefused } from '@midjourney-api/shared/accounts/account-states';
import type { Standing } from '@midjourney-api/shared/accounts/accounts';
import { recordStanding } from '@midjourney-api/shared/accounts/leases';
import { accountQueue } from '@midjourney-api/shared/queues/keys';
import { createQueueWorker } from '@midjourney-api/shared/queues/queue-worker';
import type { Job } from 'bullmq';
import { createDiscordRest, type DiscordAccount } from '../discord/rest.ts';
import { botIds } from '../midjourney/bots.ts';
import { type ProcessTaskContext, processTask } from '../queue/process-task.ts';
import type { WorkerDependencies } from '../worker.ts';
import type { PooledSession } from './account-pool.ts';
import { AccountSession } from './account-session.ts';
import type { OwnLease } from './own-lease.ts';
import { AccountStanding } from './standing.ts';

/** Follow-ups wait here, without a slot of the account, in the order that their pictures allow. */
const followUpsAtHand = 100;

export interface StartedAccount extends PooledSession {
  session: AccountSession;
}

export interface AccountToStart {
  account: DiscordAccount;
  lease: OwnLease;
  /** How it stood when a worker last had it. */
  standing: Standing;
  context: ProcessTaskContext;
  /** It can do something that it could not before, or the other way round. */
  changed(): void;
}

/** Starts one account, and takes the jobs that are tied to it while it is ready. */
export function startAccount(
  { config, db, redis, queues, changes, metrics, taskEnded, log: workerLog }: WorkerDependencies,
  { account, lease, standing: recorded, context, changed }: AccountToStart,
): StartedAccount {
  const log = workerLog.child({ account: account.name });
  let knownRefused = isRefused(recorded.state);
  const standing = new AccountStanding(
    recorded,
    (now, before) => {
      followStanding();
      changed();
      if (now.state === before.state) return;
      recordStanding(db, lease, now)
        .then(() => {
          knownRefused = isRefused(now.state);
        })
        .catch((err) => log.warn({ err, state: now.state }, 'account state not recorded'));
    },
    log,
  );
  const session = new AccountSession({
    account,
    lease,
    bots: botIds,
    rest: createDiscordRest(config.DISCORD_API_URL, account, metrics, {
      mayInteract: () => lease.holds(),
      onAccountRefused: ({ code, message }) => standing.refuse(code, message),
    }),
    db,
    changes,
    queues,
    taskEnded,
    delivery: context.delivery,
    metrics,
    deadlines: {
      startMs: config.START_DEADLINE_MS,
      progressMs: config.PROGRESS_DEADLINE_MS,
      totalMs: config.TASK_DEADLINE_MS,
    },
    evidenceWindowMs: config.EVIDENCE_WINDOW_MS,
    standing,
    onFreeSlot: changed,
    log,
  });

  const followUps = createQueueWorker(
    accountQueue(account.name),
    async (job: Job, token?: string) =>
      job.name === 'info' ? session.askInfo() : processTask(job, token, context, { session }),
    { config, redis, log },
    // Takes jobs once the account is ready.
    { autorun: false, concurrency: followUpsAtHand },
  );

  function followStanding() {
    void (standing.isReady ? followUps.resume() : followUps.pause(true));
  }

  let hasStarted = false;
  return {
    session,
    // What it has at Midjourney already comes before what waits for it.
    started: session.start().then(() => {
      hasStarted = true;
      followStanding();
    }),
    isKnownRefused: () => knownRefused,
    isIdle: () => hasStarted && session.isIdle,
    setOpen(open) {
      standing.enter({ type: open ? 'opened' : 'closed' });
      if (hasStarted) followStanding();
      changed();
    },
    async stop() {
      void followUps.pause(true);
      await session.stop();
      await followUps.close();
    },
  };
}
