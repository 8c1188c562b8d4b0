import { LeaseLost } from '@midjourney-api/shared/accounts/leases';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { OthersUnderWay } from '@midjourney-api/shared/tasks/change-task';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { workOf } from '@midjourney-api/shared/tasks/work';
import { SnowflakeUtil } from 'discord.js';
import type { Pace } from '../accounts/permits/pace.ts';
import { sendOf } from '../accounts/permits/pacing.ts';
import type { Slots } from '../accounts/permits/slots.ts';
import type { OwnLease } from '../accounts/pool/own-lease.ts';
import type { AccountUser } from '../accounts/session/account-user.ts';
import type { Channel } from '../discord/channel.ts';
import { AccountRefused } from '../discord/rest/account-refused.ts';
import type { ApplicationCommand } from '../discord/rest/interaction-requests.ts';
import type { CommandCache } from '../midjourney/command-cache.ts';
import { exclusiveKey } from '../midjourney/exclusive-key.ts';
import { applicationOf, buildInteraction, commandOf } from '../midjourney/interactions.ts';
import { retry } from '../retry.ts';
import { wait } from '../wait.ts';
import type { ActiveTask } from './active-task.ts';
import type { TaskRecord } from './task-record.ts';

export interface SendContext {
  user: AccountUser;
  lease: OwnLease;
  channel: Pick<Channel, 'newestMessageId' | 'readHistory'>;
  slots: Pick<Slots, 'isOverfullFor' | 'acquire'>;
  pace: Pick<Pace, 'afterGap' | 'prefersRelax'>;
  record: Pick<TaskRecord, 'change'>;
  /** When this session of the account began, in milliseconds since 1970: until then another one may have sent. */
  since: number;
  /** For how long to look for signs that something arrived at Midjourney. */
  evidenceWindowMs: number;
  log: Logger;
}

/** How often to check whether the lease holds again. */
const leaseLooksEveryMs = 100;

export type Sent =
  /** Midjourney has it, or will. */
  | { type: 'submitted' }
  /** The task was ended elsewhere in the meantime; nothing was sent. */
  | { type: 'ended' }
  | { type: 'refused'; reason: string };

/** Definitely not sent: the job may try again later. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const invalidFormBody = 50_035;

/**
 * Sends a task to Midjourney so that it is drawn at most once: that it is about to be sent is committed first, and
 * after a lost answer it is sent again only when no sign of the first attempt has come.
 * @throws {NotSent} when Discord definitely did not get it.
 * @throws {AccountRefused} when Discord does not let this account send; it definitely did not take this.
 * @throws {LeaseLost} when another worker has the account by now, which resumes the task. @throws when aborted.
 */
export async function sendTask(active: ActiveTask, context: SendContext, signal: AbortSignal): Promise<Sent> {
  const { user, lease, pace, record, log } = context;
  let refreshed = false;
  const sentAt = Math.max(active.task.sentAt?.getTime() ?? 0, context.since);
  if (active.task.nonce !== null) {
    if (await arrived(active, context, sentAt, signal)) return submitted(active, context);
    await withinLimit(active, context, signal);
  }
  const notSent = async (nonce: string) => {
    active.slot.notSent();
    return record.change(active.task, { type: 'not_sent', nonce });
  };

  for (;;) {
    const { action } = active.task;
    const name = commandOf(action);
    const command = name && (await findCommand(name, applicationOf(action, user.bots), user.commands));
    await user.sessionId();
    while (!lease.holds()) await wait(leaseLooksEveryMs, signal);
    const nonce = SnowflakeUtil.generate().toString();
    const sending = await commitSending(active, context, nonce, signal);
    if (!sending.applied) return { type: 'ended' };
    active.slot.sending();
    const outcome = await pace.afterGap(signal, async () => {
      const sessionId = await user.sessionId();
      active.task = sending.task;
      // While the commit was under way an earlier attempt turned out to have arrived, or the task was ended.
      if (!active.inbox.isEmpty) return undefined;
      // Only from now on can a message be about it, and only one that is newer than all known ones of the channel.
      Object.assign(active, {
        nonce,
        sentAfterMessageId: newestOf(context),
        interactionId: null,
        possibleMessages: new Map(),
      });
      const relax = pace.prefersRelax && active.task.speed === null && workOf(action) === 'picture';
      const interaction = buildInteraction(active.task, { ...user, sessionId, nonce, command, relax });
      return user.rest.interact(interaction).catch(async (error) => {
        // If it stayed recorded as sent, it would take a slot beyond the account's limit until somebody looks for it.
        if (error instanceof LeaseLost) await notSent(nonce);
        throw error;
      });
    });
    switch (outcome?.type) {
      case undefined:
      case 'taken':
        return submitted(active, context);
      case 'unreachable':
        await notSent(nonce);
        throw new NotSent(`Discord cannot be reached (${outcome.message}).`);
      case 'account refused':
        await notSent(nonce);
        throw new AccountRefused(outcome.refusal);
      case 'refused':
        if (outcome.code === invalidFormBody && command && !refreshed) {
          refreshed = true;
          user.commands.forget(command);
          active.task = (await notSent(nonce)).task;
          continue;
        }
        return {
          type: 'refused',
          reason: `Discord refused the request: ${outcome.message} (code ${outcome.code}).`,
        };
      case 'unknown':
        log.warn(
          { task: active.task.id, outcome: outcome.message },
          'unclear whether Discord took it: looking for evidence',
        );
        if (await arrived(active, context, Date.now(), signal)) return submitted(active, context);
        log.warn({ task: active.task.id }, 'no evidence that it arrived: sending it again');
        await withinLimit(active, context, signal);
    }
  }
}

/** Commits that the task is about to be sent, as soon as no other is under way that reads like it. */
async function commitSending(
  active: ActiveTask,
  context: SendContext,
  nonce: string,
  signal: AbortSignal,
): Promise<{ task: Task; applied: boolean }> {
  const commit = async () =>
    context.record.change(active.task, {
      type: 'sending',
      account: context.lease.account,
      fence: context.lease.fence,
      nonce,
      formerNonce: active.task.nonce,
      sentAfterMessageId: newestOf(context),
      exclusiveKey: exclusiveKey(active.task.action),
    });
  return retry(commit, {
    // After a change of workers, a task that the former one was about to send has to be cleared up first.
    retryable: (error) => error instanceof OthersUnderWay,
    onRetry: () => context.log.info({ task: active.task.id }, 'waiting for a task that reads like this one'),
    signal,
  });
}

/** @throws {NotSent} while the newest message of the channel is not known. */
function newestOf(context: SendContext): string {
  const newest = context.channel.newestMessageId;
  if (newest === null) throw new NotSent('The channel has not been read yet.');
  return newest;
}

/**
 * Waits for a sign that the task has arrived, for as long as Midjourney's first message may take. It may have gone out
 * much later than that was committed, but not after the attempt was known to have failed here, nor after this worker
 * took the account over.
 */
async function arrived(
  active: ActiveTask,
  context: SendContext,
  lastSentAt: number,
  signal: AbortSignal,
): Promise<boolean> {
  await context.channel.readHistory();
  await active.inbox.arrival(lastSentAt + context.evidenceWindowMs - Date.now(), signal);
  if (active.inbox.isEmpty) await context.channel.readHistory();
  return !active.inbox.isEmpty || active.possibleMessages.size > 0;
}

/** A task that is not at Midjourney must not have a slot beyond the account's limit: it waits for the next one. */
async function withinLimit(
  active: ActiveTask,
  { user, slots }: SendContext,
  signal: AbortSignal,
): Promise<void> {
  const send = sendOf(active.task, user.account);
  if (!slots.isOverfullFor(send)) return;
  active.slot.release();
  active.slot = await slots.acquire(send, Number.NEGATIVE_INFINITY, signal);
}

async function submitted(active: ActiveTask, context: SendContext): Promise<Sent> {
  const { task } = await context.record.change(active.task, { type: 'submitted' });
  active.task = task;
  return { type: 'submitted' };
}

/** @throws {AccountRefused} @throws {NotSent} when it cannot be looked up now. */
async function findCommand(
  name: string,
  applicationId: string,
  commands: CommandCache,
): Promise<ApplicationCommand> {
  try {
    return await commands.find(name, applicationId);
  } catch (error) {
    if (error instanceof AccountRefused) throw error;
    throw new NotSent("Midjourney's commands could not be looked up.", { cause: error });
  }
}
