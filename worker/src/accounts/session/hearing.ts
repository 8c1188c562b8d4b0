import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { SnowflakeUtil } from 'discord.js';
import { LRUCache } from 'lru-cache';
import type { ChannelListener } from '../../discord/channel.ts';
import type { ChannelEvent, WebPage } from '../../discord/channel-event.ts';
import { type DiscordMessage, isEphemeral } from '../../discord/message.ts';
import { userIdOfToken } from '../../discord/user-id-of-token.ts';
import type { DriftLog } from '../../drift/drift-log.ts';
import type { WorkerMetrics } from '../../metrics.ts';
import { isMidjourneyBot } from '../../midjourney/bots.ts';
import type { Known, ShownJob } from '../../midjourney/candidate.ts';
import { jobOfMessage } from '../../midjourney/evidence.ts';
import { exclusiveKey } from '../../midjourney/exclusive-key.ts';
import { matchMessage, mayConcern } from '../../midjourney/match.ts';
import { refusalOfWebPage } from '../../midjourney/refusal.ts';
import { readEditor } from '../../midjourney/region-editor.ts';
import { readSignal, type Signal } from '../../midjourney/signal.ts';
import { type ActiveTask, isSent, receive } from '../../tasks/active-task.ts';
import { cancelTask } from '../../tasks/cancel.ts';
import type { GivenUpTasks } from '../../tasks/given-up.ts';
import type { TaskRecord } from '../../tasks/task-record.ts';
import type { Questions } from '../questions/questions.ts';
import type { Seeds } from '../questions/seeds.ts';
import type { AccountUser } from './account-user.ts';
import { FailureStreak } from './failure-streak.ts';
import { LifeSigns } from './life-signs.ts';
import type { AccountStanding } from './standing.ts';

const unknownRefusalsThatCount = 5;

export interface HearingContext {
  user: AccountUser;
  /** The tasks that are followed. */
  active: ReadonlyMap<TaskId, ActiveTask>;
  givenUp: GivenUpTasks;
  questions: Questions;
  seeds: Seeds;
  standing: AccountStanding;
  /** When the account was resumed, or how it stands changed otherwise, before this session began. */
  standsSince: Date;
  record: TaskRecord;
  /** Asks where a person can answer a human check. */
  findCheckLink(page: WebPage): Promise<string | undefined>;
  drift: Pick<DriftLog, 'message'>;
  metrics: Pick<WorkerMetrics, 'unmatchedMessages'>;
  log: Logger;
}

/**
 * Handles the events of an account's channel: passes each on to the task that it is about, and notices what it says
 * about the account itself.
 */
export class Hearing implements ChannelListener {
  readonly #context: HearingContext;
  /** The id of the account's user at Discord; null when the token does not show it. */
  readonly #ownUserId: string | null;
  readonly #jobs = new LRUCache<string, ShownJob>({ max: 10_000 });
  readonly #known: Known;
  /** Before that, another worker may have sent and listened for the account. */
  readonly #since = Date.now();
  readonly #lifeSigns = new LifeSigns();
  /** A single one may be due to its prompt; many in a row, with nothing drawn in between, are due to the account. */
  readonly #unknownRefusals = new FailureStreak(unknownRefusalsThatCount);
  /** The tasks that have had messages since the last reading of the history began. */
  readonly #seen = new Set<TaskId>();
  /** Messages of tasks that have ended. When the history is read again, they must not be matched with other tasks. */
  readonly #settledMessages = new LRUCache<string, true>({ max: 10_000 });

  constructor(context: HearingContext) {
    this.#context = context;
    this.#ownUserId = userIdOfToken(context.user.account.userToken);
    this.#known = { ownUserId: this.#ownUserId, jobs: this.#jobs };
  }

  upToDate({ resumed }: { resumed: boolean }): void {
    const { givenUp, standing } = this.#context;
    if (!resumed) givenUp.historyRead(this.#seen);
    standing.enter({ type: 'up to date' });
  }

  away(): void {
    this.#context.standing.enter({ type: 'away' });
  }

  refused(reason: string): void {
    this.#context.standing.refuse({ cause: 'listening', reason, until: null });
  }

  /** The message after which those of this account's tasks may come. Called when a reading of the history begins. */
  missedSince(): string | null {
    this.#seen.clear();
    const tasks = [...this.#context.active.values(), ...this.#context.givenUp.tasks()];
    const sentAfter = tasks.flatMap(({ sentAfterMessageId }) => sentAfterMessageId ?? []);
    return sentAfter.reduce<string | null>((a, b) => (a === null || BigInt(b) < BigInt(a) ? b : a), null);
  }

  event(event: ChannelEvent): void {
    switch (event.type) {
      case 'message':
        if (isMidjourneyBot(event.message.authorId)) this.#message(event.message);
        return;
      case 'direct message':
        if (isMidjourneyBot(event.message.authorId)) this.#context.seeds.hear(event.message);
        return;
      case 'deleted':
        this.#deleted(event.messageId);
        return;
      case 'interaction':
        this.#interaction(event.nonce, event.interactionId);
        return;
      case 'interaction failed':
        this.#taskOf(event.nonce)?.inbox.put({ type: 'unanswered' });
        return;
      case 'modal':
        this.#taskOf(event.nonce)?.inbox.put({ type: 'modal', modal: event.modal });
        return;
      case 'web page': {
        const { code, reason, account } = refusalOfWebPage(event);
        if (account) this.#humanCheck(event, account);
        this.#taskOf(event.nonce)?.inbox.put({
          type: 'web page',
          code,
          reason,
          account,
          editor: account ? undefined : readEditor(event),
        });
      }
    }
  }

  /** Midjourney's job has ended, and the task is no longer followed. */
  ended({ progressMessageId }: ActiveTask): void {
    if (progressMessageId) this.#settledMessages.set(progressMessageId, true);
  }

  /** Midjourney never reacted to a task that Discord took. */
  heardNothing({ task }: ActiveTask): void {
    const sentAt = task.sentAt?.getTime() ?? 0;
    // This session has not listened from the beginning for what an earlier worker sent.
    if (sentAt < this.#since || !this.#lifeSigns.silence(task, sentAt)) return;
    const reason = 'Midjourney did not react to the last tasks, of several clients.';
    this.#context.standing.refuse({ cause: 'silent', reason, until: null });
  }

  #humanCheck(page: WebPage, refusal: AccountRefusal): void {
    const { standing, findCheckLink, log } = this.#context;
    if (standing.isRefused) return;
    standing.refuse(refusal);
    findCheckLink(page)
      .then((link) => link && standing.enter({ type: 'check link', link }))
      .catch((err) => log.warn({ err }, 'could not find out where a person can answer the human check'));
  }

  #taskOf(nonce: string | null): ActiveTask | undefined {
    return [...this.#context.active.values()].find((active) => nonce !== null && active.nonce === nonce);
  }

  #deleted(messageId: string): void {
    for (const active of this.#context.active.values()) {
      if (active.progressMessageId === messageId) active.inbox.put({ type: 'vanished' });
      if (active.possibleMessages.has(messageId)) active.possibleMessages.set(messageId, 'vanished');
    }
    this.#context.givenUp.messageDeleted(messageId);
  }

  /** Discord's id of the interaction distinguishes its messages from all others: tasks that read alike need not wait. */
  #interaction(nonce: string | null, interactionId: string): void {
    const active = this.#taskOf(nonce);
    if (!active || active.interactionId !== null) return;
    active.interactionId = interactionId;
    active.inbox.put({ type: 'taken' });
    if (exclusiveKey(active.task.action) === null) return;
    const { record, log } = this.#context;
    record
      .change(active.task, { type: 'identified', interactionId })
      .then(() => active.releaseKey())
      .catch((err) => log.debug({ err, task: active.task.id }, 'could not record the interaction of a task'));
  }

  #message(message: DiscordMessage): void {
    const { active, givenUp, questions, standing, drift, user } = this.#context;
    if (this.#settledMessages.has(message.id)) return;
    const signal = readSignal(message);
    if (questions.hear(message)) {
      if (signal.type === 'refused' && signal.account) standing.refuse(signal.account);
      return;
    }
    const candidates = [...active.values(), ...givenUp.expected()].filter(isSent);
    const match = matchMessage(message, candidates, this.#known);
    const job = jobOfMessage(message);
    if (job) this.#noteJob(job, message, match);
    drift.message({ message, about: match, session: user.account.session });
    if (!match) {
      this.#unmatched(message, signal, candidates);
      return;
    }
    this.#lifeSigns.heard(Date.now());
    this.#seen.add(match.task.id);
    this.#noteUnknownRefusal(match.task, signal);
    receive(match, signal, message, job);
    if (active.has(match.task.id)) this.#followed(match, signal);
    else givenUp.heard(match, signal);
  }

  #noteJob(job: string, { id }: DiscordMessage, match: ActiveTask | undefined): void {
    const { since = id, owner } = this.#jobs.get(job) ?? {};
    const found = match && { taskId: match.task.id, key: exclusiveKey(match.task.action) };
    this.#jobs.set(job, { since, owner: owner ?? found });
  }

  #followed(active: ActiveTask, signal: Signal): void {
    // The next job need not wait until the picture is copied and the outcome committed.
    if (signal.type === 'finished' || signal.type === 'described') {
      active.slot.release();
      this.#settledMessages.set(signal.message.id, true);
    }
    if (active.cancelRequested) cancelTask(active, this.#context);
  }

  #unmatched(message: DiscordMessage, signal: Signal, candidates: ActiveTask[]): void {
    const { standing, metrics, log } = this.#context;
    for (const active of candidates) {
      if (mayConcern(message, active, this.#known)) active.possibleMessages.set(message.id, signal.type);
    }
    const userId = message.interaction?.userId;
    const isToUser = userId !== undefined && userId === this.#ownUserId;
    if (userId === undefined || isToUser) this.#lifeSigns.heard(Date.now());
    // A message to the account's user alone may be about the account even when it is about no task.
    const isToAccount = (isEphemeral(message) || isToUser) && !this.#isBygone(message);
    if (isToAccount && signal.type === 'refused' && signal.account) standing.refuse(signal.account);
    metrics.unmatchedMessages.inc();
    log.info({ message: message.id }, 'a message of the Midjourney Bot belongs to no task');
  }

  /** Whether it is older than the account's standing: the history still has refusals that an operator has dealt with. */
  #isBygone({ id }: DiscordMessage): boolean {
    return SnowflakeUtil.timestampFrom(id) < this.#context.standsSince.getTime();
  }

  #noteUnknownRefusal(task: Task, signal: Signal): void {
    if (signal.type === 'accepted') return;
    if (signal.type !== 'refused') {
      this.#unknownRefusals.end();
      return;
    }
    if (!signal.unknown) return;
    if (!this.#unknownRefusals.add(task)) return;
    const reason = `Midjourney refused the last ${unknownRefusalsThatCount} tasks, of several clients, in words that this program does not know. The last one: ${signal.reason}`;
    this.#context.standing.refuse({ cause: 'unknown', reason, until: null });
  }
}
