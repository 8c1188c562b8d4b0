import { setTimeout as delay } from 'node:timers/promises';
import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import { type RecordedStanding, recordStanding, standingIn } from '@midjourney-api/shared/accounts/standing';
import { type Answers, catalogue, readJob } from '@midjourney-api/shared/queues/catalogue';
import { accountQueue, questionsQueue } from '@midjourney-api/shared/queues/keys';
import { createQueueWorker } from '@midjourney-api/shared/queues/queue-worker';
import type { Job } from 'bullmq';
import type { Dependencies } from '../../dependencies.ts';
import type { DiscordAccount } from '../../discord/discord-account.ts';
import { createDiscordRest } from '../../discord/rest/discord-rest.ts';
import { botIds } from '../../midjourney/bots.ts';
import { type ProcessTaskContext, processTask } from '../../queue/process-task.ts';
import { Pace } from '../permits/pace.ts';
import { AccountSession } from '../session/account-session.ts';
import { AccountStanding } from '../session/standing.ts';
import { StandingRecord } from '../session/standing-record.ts';
import type { PooledSession } from './own-accounts.ts';
import type { OwnLease } from './own-lease.ts';

/** So many follow-ups may wait here, without a slot, for the account or for others that read like them. */
const followUpsAtHand = 100;

/** Seeds are asked for one after the other, and must not keep other questions waiting. */
const questionsAtATime = 10;

/** Milliseconds. */
const closeWithinMs = 5_000;

/** Milliseconds. Most sessions are ready sooner, which operators need not hear of. */
const connectingIsShownAfterMs = 10_000;

export interface AccountToStart {
  account: DiscordAccount;
  lease: OwnLease;
  /** Its standing when a worker last had it. */
  recorded: RecordedStanding;
}

/** Starts an account's session, and takes the jobs that are tied to the account while it is ready. */
export function startAccount(
  { account, lease, recorded }: AccountToStart,
  tasks: ProcessTaskContext,
  { config, db, redis, queues, changes, metrics, taskEnded, log: workerLog }: Dependencies,
): PooledSession {
  const { sessions, delivery } = tasks;
  const log = workerLog.child({ account: account.name });
  const standing = new AccountStanding(recorded, log);
  const pace = new Pace(account.pacing);
  const rest = createDiscordRest(config.DISCORD_API_URL, account, metrics, {
    holdsLease: () => lease.holds(),
    refusal: () => standing.refusal,
    onAccountRefused: (refusal) => standing.refuse(refusal),
    onInteraction: () => pace.sent(),
  });
  const session = new AccountSession({
    account,
    lease,
    standing,
    standsSince: recorded.since,
    pace,
    bots: botIds,
    rest,
    db,
    changes,
    queues,
    taskEnded,
    delivery,
    metrics,
    deadlines: {
      startMs: config.START_DEADLINE_MS,
      progressMs: config.PROGRESS_DEADLINE_MS,
      totalMs: config.TASK_DEADLINE_MS,
    },
    evidenceWindowMs: config.EVIDENCE_WINDOW_MS,
    addresses: config,
    onCapacityChange: () => sessions.changed(),
    log,
  });
  const jobs = createQueueWorker(
    accountQueue(account.name),
    (job: Job, token?: string) => processTask(job, token, tasks, { session }),
    { config, redis, log },
    // Takes jobs once the account is ready.
    { autorun: false, concurrency: followUpsAtHand },
  );

  const questions = createQueueWorker(
    questionsQueue(account.name),
    async (job: Job): Promise<Answers[keyof Answers]> => {
      const { taskId, settings } = readJob(catalogue.question, job);
      if (job.name === 'settings') return session.questions.settings(settings ?? {});
      if (job.name === 'seed' && taskId) return session.questions.seed(taskId);
      return job.name === 'info' ? session.questions.info() : session.questions.check();
    },
    { config, redis, log },
    { concurrency: questionsAtATime },
  );

  let hasStarted = false;
  const record = new StandingRecord({
    recorded,
    write: (now) => recordStanding(db, lease, now),
    log,
  });

  if (recorded.state === 'ready')
    record.setUnlessSucceeded(standingIn('connecting'), connectingIsShownAfterMs);

  function followStanding() {
    // The tasks that it has at Midjourney are resumed before it takes others.
    void (hasStarted && standing.isReady ? jobs.resume() : jobs.pause(true));
    sessions.changed();
  }

  standing.onChange((now, before) => {
    followStanding();
    const isShown =
      now.state === before.state && now.until === before.until && now.checkLink === before.checkLink;
    if (!isShown) record.set(now);
    if (now.state === 'ready' && before.state !== 'ready') session.capacity.changed();
  });
  sessions.add(session);

  return {
    started: session.start().then(() => {
      hasStarted = true;
      followStanding();
    }),
    isKnownRefused: () => record.isRefused,
    refuse: (refusal: AccountRefusal) => standing.refuse(refusal),
    isIdle: () => hasStarted && session.isIdle,
    setOpen(open) {
      standing.enter({ type: open ? 'opened' : 'closed' });
      // Also when nothing changed: BullMQ may miss a call that comes while its worker is about to pause.
      followStanding();
    },
    async stop() {
      sessions.delete(session);
      void jobs.pause(true);
      await session.stop();
      await record.stop();
      const closed = Promise.all([jobs.close(), questions.close()]);
      // While Redis cannot be reached closing never ends: it waits for an event that ioredis does not emit for a
      // connection that is about to reconnect. By now nothing runs, and until it ends no worker could have the account.
      const late = delay(closeWithinMs, 'late' as const, { ref: false });
      if ((await Promise.race([closed, late])) === 'late')
        log.warn(
          'the queues of the account could not be closed in time; the account is given away all the same',
        );
    },
  };
}
