import { type Lease, LeaseLost } from '@midjourney-api/shared/accounts/leases';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import { OthersUnderWay } from '@midjourney-api/shared/tasks/change-task';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { TaskEvent } from '@midjourney-api/shared/tasks/transition';
import { SnowflakeUtil } from 'discord.js';
import { AccountRefused } from '../discord/account-refused.ts';
import type { ApplicationCommand, DiscordAccount, DiscordRest } from '../discord/rest.ts';
import type { BotIds } from '../midjourney/bots.ts';
import type { CommandCache } from '../midjourney/command-cache.ts';
import { exclusiveKey } from '../midjourney/exclusive-key.ts';
import { applicationOf, buildInteraction, commandOf } from '../midjourney/interactions.ts';
import { growingDelay, wait } from '../wait.ts';
import type { ActiveTask } from './active-task.ts';

export interface SendContext {
  account: DiscordAccount;
  lease: Lease;
  rest: Pick<DiscordRest, 'interact'>;
  commands: CommandCache;
  bots: BotIds;
  /** What interactions name as the user's gateway session; waits for it while it is away. */
  sessionId(): Promise<string>;
  evidenceWindowMs: number;
  /** When this worker took the account over: until then another one may have sent. */
  takenOverAt: number;
  /** Newest message of the channel that this account's session knows. */
  newestMessageId(): string | null;
  change(task: Task, event: TaskEvent): Promise<{ task: Task; applied: boolean }>;
  /** Reads what the gateway may have missed from the channel's history into the inboxes. */
  readHistory(): Promise<void>;
  /** Settles when the lease holds by this process's own clock. @throws when aborted, as it is another worker's. */
  untilLeaseHolds(signal: AbortSignal): Promise<void>;
  /** Settles when the account has no more than it may have, the active included, which is not at Midjourney. */
  withinLimit(active: ActiveTask, signal: AbortSignal): Promise<void>;
  now(): number;
  log: Logger;
}

export type Sent =
  /** Midjourney has it, or will. */
  | { type: 'submitted' }
  /** Somebody ended the task meanwhile; nothing was sent. */
  | { type: 'ended' }
  | { type: 'refused'; reason: string };

/** Definitely not sent: the job may try again later. */
export class NotSent extends Error {
  override readonly name = 'NotSent';
}

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const invalidFormBody = 50_035;

/**
 * Sends a task to Midjourney so that it is drawn at most once: that it is about to be sent is committed
 * first, and after a lost answer it is sent again only when no trace of the first try has come.
 * @throws {NotSent} when Discord definitely did not get it.
 * @throws {AccountRefused} when Discord does not let this account send; it definitely did not take this.
 * @throws {LeaseLost} when another worker has the account by now, which takes the task up. @throws when aborted.
 */
export async function sendTask(active: ActiveTask, context: SendContext, signal: AbortSignal): Promise<Sent> {
  const { rest, commands, log } = context;
  let refreshed = false;
  const sentAt = Math.max(active.task.sentAt?.getTime() ?? 0, context.takenOverAt);
  if (active.task.nonce !== null) {
    if (await arrived(active, context, sentAt, signal)) return submitted(active, context);
    await context.withinLimit(active, signal);
  }

  for (;;) {
    const { action } = active.task;
    const name = commandOf(action);
    const command = name && (await findCommand(name, applicationOf(action, context.bots), commands));
    await context.sessionId();
    await context.untilLeaseHolds(signal);
    const nonce = SnowflakeUtil.generate().toString();
    const sending = await commitSending(active, context, nonce, signal);
    if (!sending.applied) return { type: 'ended' };
    const sessionId = await context.sessionId();
    active.task = sending.task;
    // An earlier try arrived after all, or somebody ended the task: while it was being committed that it goes out.
    if (!active.inbox.isEmpty) return submitted(active, context);
    // Only now can a message be about it, and only one that is newer than all that is known of the channel.
    Object.assign(active, {
      nonce,
      sentAfterMessageId: newestOf(context),
      interactionId: null,
      maybeArrived: false,
    });

    const interaction = buildInteraction(active.task, { ...context, sessionId, nonce, command });
    const outcome = await rest.interact(interaction).catch(async (error) => {
      // Left as if it were on its way, it would go out beside all that is sent until somebody looks for it.
      if (error instanceof LeaseLost) await context.change(active.task, { type: 'not_sent', nonce });
      throw error;
    });
    switch (outcome.type) {
      case 'taken':
        return submitted(active, context);
      case 'unreachable':
        await context.change(active.task, { type: 'not_sent', nonce });
        throw new NotSent(`Discord cannot be reached (${outcome.message}).`);
      case 'account refused':
        await context.change(active.task, { type: 'not_sent', nonce });
        throw outcome.refusal;
      case 'refused':
        if (outcome.code === invalidFormBody && command && !refreshed) {
          refreshed = true;
          commands.forget(command);
          active.task = (await context.change(active.task, { type: 'not_sent', nonce })).task;
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
        if (await arrived(active, context, context.now(), signal)) return submitted(active, context);
        log.warn({ task: active.task.id }, 'no evidence that it arrived: sending it again');
        await context.withinLimit(active, signal);
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
  for (let attempt = 0; ; attempt++) {
    try {
      return await context.change(active.task, {
        type: 'sending',
        account: context.account.name,
        fence: context.lease.fence,
        nonce,
        sentAfterMessageId: newestOf(context),
        exclusiveKey: exclusiveKey(active.task.action),
      });
    } catch (error) {
      if (!(error instanceof OthersUnderWay)) throw error;
      // As after a change of workers: one that the former was about to send has to be cleared up first.
      context.log.info({ task: active.task.id }, 'waiting for a task that reads like this one');
      await wait(growingDelay(attempt), signal);
    }
  }
}

/** @throws {NotSent} as long as it is not known where the channel stands. */
function newestOf(context: SendContext): string {
  const newest = context.newestMessageId();
  if (newest === null) throw new NotSent('The channel has not been read yet.');
  return newest;
}

/**
 * Waits for a sign that what was sent has arrived, for as long as Midjourney's first message may take. What was
 * about to be sent may have gone out much later than that was written down, but not after it was known to have
 * failed here, nor after this worker took the account over.
 */
async function arrived(
  active: ActiveTask,
  context: SendContext,
  lastSentAt: number,
  signal: AbortSignal,
): Promise<boolean> {
  await context.readHistory();
  await active.inbox.arrival(lastSentAt + context.evidenceWindowMs - context.now(), signal);
  if (active.inbox.isEmpty) await context.readHistory();
  return !active.inbox.isEmpty || active.maybeArrived;
}

async function submitted(active: ActiveTask, context: SendContext): Promise<Sent> {
  const { task } = await context.change(active.task, { type: 'submitted' });
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
