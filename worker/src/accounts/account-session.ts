import type { AccountInfo } from '@midjourney-api/shared/accounts/account-info';
import { type AccountState, isRefused } from '@midjourney-api/shared/accounts/account-states';
import type { Standing } from '@midjourney-api/shared/accounts/accounts';
import type { Lease } from '@midjourney-api/shared/accounts/leases';
import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import type { Queues } from '@midjourney-api/shared/queues/queues';
import { changeTask } from '@midjourney-api/shared/tasks/change-task';
import { findSentTasks, findTasksGivenUp } from '@midjourney-api/shared/tasks/find-tasks';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import type { FailCode, Task } from '@midjourney-api/shared/tasks/task';
import type { TaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import type { TaskEnded } from '@midjourney-api/shared/tasks/task-ends';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import type { TaskEvent } from '@midjourney-api/shared/tasks/transition';
import { MessageFlags } from 'discord-api-types/v10';
import { AccountRefused } from '../discord/account-refused.ts';
import { Channel } from '../discord/channel.ts';
import type { ChannelEvent } from '../discord/channel-event.ts';
import { type DiscordMessage, isEphemeral } from '../discord/message.ts';
import type { DiscordAccount, DiscordRest } from '../discord/rest.ts';
import { userIdOfToken } from '../discord/user-id-of-token.ts';
import type { WorkerMetrics } from '../metrics.ts';
import { readAccountInfo } from '../midjourney/account-info.ts';
import type { BotIds } from '../midjourney/bots.ts';
import { createCommandCache } from '../midjourney/command-cache.ts';
import { jobOfMessage } from '../midjourney/evidence.ts';
import { exclusiveKey } from '../midjourney/exclusive-key.ts';
import { matchMessage, mayConcern } from '../midjourney/match.ts';
import { refusalOfWebPage } from '../midjourney/refusal.ts';
import { readSignal, type Signal } from '../midjourney/signal.ts';
import { untilMySqlIsBack } from '../mysql-outage.ts';
import type { Delivery } from '../results/delivery.ts';
import { failureEvent, resultEventOf } from '../results/result-event-of.ts';
import { type ActiveTask, createActiveTask, isSent, receive } from '../tasks/active-task.ts';
import { answerModal } from '../tasks/answer-modal.ts';
import { cancelWhenRequested } from '../tasks/cancel.ts';
import { followTask } from '../tasks/follow.ts';
import type { Deadlines, Outcome } from '../tasks/follow-step.ts';
import { GivenUpTasks, isRecognisable } from '../tasks/given-up.ts';
import { type SendContext, sendTask } from '../tasks/send.ts';
import { wait } from '../wait.ts';
import { LifeSigns } from './life-signs.ts';
import { Questions } from './questions.ts';
import { RecentIds } from './recent-ids.ts';
import { Exclusive, type Release, Slots } from './slots.ts';
import { UnknownRefusals, unknownRefusalsThatCount } from './unknown-refusals.ts';

export interface AccountSessionOptions {
  account: DiscordAccount;
  lease: Lease;
  /** Whether the lease definitely still holds, by this process's own clock. */
  leaseHolds(): boolean;
  /** How the account stood before: a refused one listens, but sends nothing. */
  standing: Standing;
  bots: BotIds;
  rest: DiscordRest;
  db: Database;
  changes: TaskChanges;
  queues: Queues;
  taskEnded: TaskEnded;
  delivery: Delivery;
  metrics: Pick<WorkerMetrics, 'unmatchedMessages' | 'unknownRefusals' | 'waitingTime'>;
  deadlines: Deadlines;
  evidenceWindowMs: number;
  onStanding(standing: Standing): void;
  /** There is room for another drawing. */
  onFreeSlot(): void;
  log: Logger;
}

const leaseLooksEveryMs = 100;

/** What nothing is heard of that a bot's session could see. */
const silenceReasons = {
  bot: 'Midjourney answered privately, probably a refusal: try another prompt. A bot session cannot see which; the token is returned.',
  user: 'Discord took the request, but Midjourney never started it.',
};

/** What Midjourney may still draw of a task that was given up. */
interface LateJob {
  /** False when Midjourney gave no sign of it: then it would keep a slot from others for nothing. */
  isThere: boolean;
  /** For how long it has been given up, in milliseconds. */
  ageMs?: number;
  /** Whether its picture would be recognised. */
  isExpected?: boolean;
}

/** A job that nothing more is heard of has ended by then, as far as Midjourney's limits are concerned. */
const longestJobMs = 30 * 60 * 1_000;

/**
 * One Midjourney account at work: listens to its channel, sends its tasks, and follows each of them until
 * the api has committed its outcome. One process at a time has an account.
 */
export class AccountSession {
  readonly #options: AccountSessionOptions;
  readonly #log: Logger;
  readonly #active = new Map<TaskId, ActiveTask>();
  readonly #givenUp = new GivenUpTasks();
  readonly #questions = new Questions();
  readonly #slots: Slots;
  readonly #exclusive = new Exclusive();
  readonly #unknownRefusals = new UnknownRefusals();
  readonly #stopping = new AbortController();
  /** Aborted while the account takes nothing new; what waits for it here goes back to its queue then. */
  #closing = new AbortController();
  readonly #channel: Channel;
  readonly #sending: SendContext;
  #standing: Standing;
  readonly #lifeSigns = new LifeSigns();
  /** Tasks with messages since the history was last begun to be read. */
  readonly #seen = new Set<TaskId>();
  /** Messages of tasks that have ended: read again from the history, they are not those of others. */
  readonly #settledMessages = new RecentIds(10_000);

  constructor(options: AccountSessionOptions) {
    const { account, rest, lease, bots, evidenceWindowMs } = options;
    this.#options = options;
    this.#standing = isRefused(options.standing.state)
      ? options.standing
      : { state: 'connecting', reason: null };
    this.#log = options.log;
    this.#slots = new Slots(account.concurrency, options.onFreeSlot);
    this.#channel = new Channel(
      account,
      rest,
      {
        event: (event) => this.#heard(event),
        upToDate: ({ resumed }) => {
          if (!resumed) this.#endUnseen();
          this.#enter('ready');
        },
        away: () => this.#enter('connecting'),
        refused: (reason) => this.refuse('account_unavailable', reason),
        missedSince: () => {
          this.#seen.clear();
          return this.#oldestSend();
        },
      },
      this.#log,
    );
    this.#sending = {
      account,
      lease,
      rest,
      commands: createCommandCache(rest),
      bots,
      sessionId: () => this.#channel.sessionId(this.#stopping.signal),
      evidenceWindowMs,
      takenOverAt: Date.now(),
      newestMessageId: () => this.#channel.newestMessageId,
      change: (task, event) => this.#change(task, event),
      readHistory: () => this.#channel.readHistory(),
      untilLeaseHolds: async (signal) => {
        while (!options.leaseHolds()) await wait(leaseLooksEveryMs, signal);
      },
      withinLimit: (active, signal) => this.#withinLimit(active, signal),
      now: Date.now,
      log: this.#log,
    };
  }

  get account(): DiscordAccount {
    return this.#options.account;
  }

  get name(): string {
    return this.#options.account.name;
  }

  /** How full it is, for its weight: the lower, the sooner it should get the next drawing. */
  get load(): number {
    return this.#slots.used / this.#options.account.weight;
  }

  get standing(): Standing {
    return this.#standing;
  }

  get isReady(): boolean {
    return this.#standing.state === 'ready' && !this.#closing.signal.aborted;
  }

  /** Whether it follows no task. */
  get isIdle(): boolean {
    return this.#active.size === 0;
  }

  /** An account that is closed takes nothing new, and follows what it has at Midjourney to its end. */
  setOpen(open: boolean): void {
    if (open === !this.#closing.signal.aborted) return;
    this.#log.info(open ? 'the account is open again' : 'the account takes nothing new');
    if (open) this.#closing = new AbortController();
    else this.#closing.abort(new SessionStopped('The account takes nothing new.'));
  }

  /** Whether it could draw something new at once. */
  get hasFreeSlot(): boolean {
    return this.isReady && this.#slots.isFree;
  }

  /** Takes a slot for a new drawing; undefined when none is free or the account cannot draw. */
  takeSlot(): Release | undefined {
    return this.isReady ? this.#slots.tryAcquire() : undefined;
  }

  /** Takes over what the account has at Midjourney already, then listens. */
  async start(): Promise<void> {
    const { db, account, deadlines } = this.#options;
    const { signal } = this.#stopping;
    const lateSince = new Date(Date.now() - deadlines.totalMs);
    const [sent, givenUp] = await untilMySqlIsBack(
      () => Promise.all([findSentTasks(db, account.name), findTasksGivenUp(db, account.name, lateSince)]),
      signal,
      this.#log,
    );
    // Stopped meanwhile: nothing may be opened any more, as nobody would close it.
    signal.throwIfAborted();
    for (const task of sent) if (!this.#active.has(task.id)) this.#takeUp(task);
    for (const task of givenUp) {
      const active = createActiveTask(task, this.#slots.occupy(), this.#exclusive.tryAcquire(keyOf(task)));
      const { failCode, finishedAt } = task;
      // What was drawn meanwhile for others may be read from the history now, and reads like its own.
      const age = { ageMs: Date.now() - (finishedAt?.getTime() ?? 0), isExpected: isRecognisable(active) };
      this.#expectLate(active, { isThere: failCode !== 'not_started', ...age });
    }
    this.#channel.open();
  }

  /**
   * Draws a task, or goes on with it where another worker left it. Settles when its outcome is committed.
   * A new drawing brings the slot that it was given; anything else waits for one here, by its turn.
   * @throws {NotSent} when it was definitely not sent, and the queue should try it again.
   * @throws {AccountRefused} when the account may not send. @throws when stopping.
   */
  async run(task: Task, slot?: Release, turn = 0): Promise<void> {
    const known = this.#active.get(task.id);
    if (known || task.nonce !== null) {
      slot?.();
      return (known ?? this.#takeUp(task)).done;
    }
    if (this.#isRefused()) {
      slot?.();
      throw new AccountRefused('account_unavailable', this.#standing.reason ?? '');
    }
    const signal = AbortSignal.any([this.#stopping.signal, this.#closing.signal]);
    if (signal.aborted) {
      slot?.();
      throw signal.reason;
    }
    const key = exclusiveKey(task.action);
    // The slot is not kept from others while it waits for its turn.
    const waits = this.#exclusive.isTaken(key);
    if (waits) slot?.();
    const acquiring = this.#exclusive.acquire(key, signal);
    if (waits) this.#noteWaiting(task);
    const releaseKey = await acquiring;
    const releaseSlot =
      (waits ? undefined : slot) ??
      (await this.#slots.acquire(turn, signal).catch((error) => {
        releaseKey();
        throw error;
      }));
    // Another job of the same task may have been faster.
    const faster = this.#active.get(task.id);
    if (faster) {
      releaseSlot();
      releaseKey();
      return faster.done;
    }
    return this.#launch(task, releaseSlot, releaseKey).done;
  }

  /** What Midjourney says of the account. @throws when it is not answered, as to an account that a bot listens for. */
  async askInfo(): Promise<AccountInfo> {
    const { embeds } = await this.#questions.ask('info', this.#sending, this.#stopping.signal);
    return readAccountInfo(embeds[0]?.description ?? '');
  }

  /** Stops sending on this account, and says why. */
  refuse(code: FailCode, reason: string): void {
    if (this.#isRefused()) return;
    this.#log.error(
      { code, reason },
      'the account is refused: it sends nothing more until an operator resumes it',
    );
    this.#enter(code === 'verification_required' ? 'verification_required' : 'refused', reason);
  }

  /** Leaves running tasks to be taken up again by the worker that has the account next. */
  async stop(): Promise<void> {
    this.#stopping.abort(new SessionStopped());
    this.#givenUp.clear();
    await this.#channel.close();
    await Promise.allSettled([...this.#active.values()].map((active) => active.done));
  }

  /** A task that is at Midjourney already takes its place there, whether one is free or not. */
  #takeUp(task: Task): ActiveTask {
    return this.#launch(task, this.#slots.occupy(), this.#exclusive.tryAcquire(keyOf(task)));
  }

  /** What is not at Midjourney has no right to a slot there beyond the limit; it gets the next one. */
  async #withinLimit(active: ActiveTask, signal: AbortSignal): Promise<void> {
    if (!this.#slots.isOverfull) return;
    active.releaseSlot();
    active.releaseSlot = await this.#slots.acquire(Number.NEGATIVE_INFINITY, signal);
  }

  #launch(task: Task, releaseSlot: Release, releaseKey: Release): ActiveTask {
    const active = createActiveTask(task, releaseSlot, releaseKey);
    this.#active.set(task.id, active);
    const stopListening = this.#options.changes.listen(task.id, (change) => {
      if (!isOpen(change)) active.inbox.put({ type: 'ended' });
      else if (change.cancelRequested) this.#cancel(active);
    });
    active.done = this.#fly(active)
      .then(
        (outcome) => {
          if (outcome === 'over') {
            releaseKey();
            active.releaseSlot();
            if (active.progressMessageId) this.#settledMessages.add(active.progressMessageId);
          } else {
            // A message that may be its own says that it is drawn all the same, where it cannot be followed.
            this.#expectLate(active, { isThere: outcome === 'given up' || active.maybeArrived });
          }
          if (outcome === 'never started') this.#noteSilence(active);
        },
        (error) => {
          releaseKey();
          active.releaseSlot();
          throw error;
        },
      )
      .finally(() => {
        stopListening();
        this.#active.delete(task.id);
      });
    // Whoever runs the task sees the error; one that was taken up at the start may have nobody yet.
    active.done.catch(() => {});
    return active;
  }

  async #fly(active: ActiveTask): Promise<Outcome> {
    const { signal } = this.#stopping;
    const { delivery, deadlines } = this.#options;
    if (active.task.status === 'queued') {
      const sent = await sendTask(active, this.#sending, signal);
      if (sent.type === 'ended') return 'over';
      if (sent.type === 'refused') {
        await delivery.insist(failureEvent(active.task.id, 'rejected', sent.reason, { ended: true }), signal);
        return 'over';
      }
    } else {
      await this.#channel.readHistory();
      // Nothing of it is in the channel any more, nor a picture: it vanished while nobody listened.
      if (active.inbox.isEmpty && active.progressMessageId) active.inbox.put({ type: 'vanished' });
    }
    return followTask(
      active,
      {
        delivery,
        deadlines,
        readHistory: () => this.#channel.readHistory(),
        answerModal: (modal) => answerModal(active, modal, this.#sending),
        cancel: () => this.#cancel(active),
        accountRefused: (code, reason) => this.refuse(code, reason),
        giveBack: async () =>
          void (await this.#change(active.task, { type: 'not_sent', nonce: active.nonce })),
        silenceReason: silenceReasons[this.account.session],
        now: Date.now,
      },
      signal,
    );
  }

  #noteSilence({ task }: ActiveTask): void {
    const sentAt = task.sentAt?.getTime() ?? 0;
    // What a former worker sent was not heard from the beginning.
    if (sentAt < this.#sending.takenOverAt || !this.#lifeSigns.silence(task, sentAt)) return;
    const reason =
      "Midjourney answers nothing that is sent for this account: look into the channel as the account's user, who may be asked something there.";
    this.refuse('verification_required', reason);
  }

  #heard(event: ChannelEvent): void {
    switch (event.type) {
      case 'message':
        if (Object.values(this.#options.bots).includes(event.message.authorId))
          this.#heardMidjourney(event.message);
        return;
      case 'deleted':
        for (const active of this.#active.values()) {
          if (active.progressMessageId === event.messageId) active.inbox.put({ type: 'vanished' });
        }
        for (const active of this.#givenUp.activeTasks()) {
          if (active.progressMessageId === event.messageId) this.#jobEnded(active);
        }
        return;
      case 'interaction': {
        const active = this.#activeWith(event.nonce);
        if (!active || active.interactionId !== null) return;
        active.interactionId = event.interactionId;
        active.inbox.put({ type: 'taken' });
        if (exclusiveKey(active.task.action) !== null) this.#identified(active, event.interactionId);
        return;
      }
      case 'interaction failed':
        this.#activeWith(event.nonce)?.inbox.put({ type: 'unanswered' });
        return;
      case 'modal':
        this.#activeWith(event.nonce)?.inbox.put({ type: 'modal', modal: event.modal });
        return;
      case 'web page': {
        const { code, reason, scope, link } = refusalOfWebPage(event);
        const account = scope === 'account';
        if (account) this.refuse(code, link ? `${reason} A person can answer at ${link}` : reason);
        this.#activeWith(event.nonce)?.inbox.put({ type: 'web page', code, reason, account });
      }
    }
  }

  #activeWith(nonce: string | null): ActiveTask | undefined {
    return [...this.#active.values()].find((active) => nonce !== null && active.nonce === nonce);
  }

  #heardMidjourney(message: DiscordMessage): void {
    if (this.#questions.hear(message)) return;
    if (this.#settledMessages.has(message.id)) return;
    const candidates = [...this.#active.values(), ...this.#givenUp.expected()].filter(isSent);
    const ownUserId = userIdOfToken(this.#options.account.userToken);
    const match = matchMessage(message, candidates, ownUserId);
    const signal = readSignal(message);
    if (!match) {
      for (const active of candidates) {
        if (mayConcern(message, active)) active.maybeArrived = true;
      }
      if (message.interaction?.userId === undefined || message.interaction.userId === ownUserId)
        this.#lifeSigns.heard(Date.now());
      // What is shown to the account's user alone is about the account also when it is about no task.
      if (isEphemeral(message) && signal.type === 'refused' && signal.account)
        this.refuse(signal.code, signal.reason);
      this.#options.metrics.unmatchedMessages.inc();
      this.#log.info({ message: message.id }, 'a message of the Midjourney Bot belongs to no task');
      return;
    }
    this.#lifeSigns.heard(Date.now());
    this.#seen.add(match.task.id);
    this.#noteUnknownRefusal(match.task, signal);
    receive(match, signal, message, jobOfMessage(message));
    if (!this.#active.has(match.task.id)) {
      this.#heardLate(match, signal);
      return;
    }
    // The next job need not wait until the picture is copied and the outcome committed.
    if (signal.type === 'finished' || signal.type === 'described') {
      match.releaseSlot();
      this.#settledMessages.add(message.id);
    }
    if (match.cancelRequested) this.#cancel(match);
  }

  /** Discord's own id of the interaction tells its messages from all others: those that read alike need not wait. */
  #identified(active: ActiveTask, interactionId: string): void {
    this.#change(active.task, { type: 'identified', interactionId })
      .then(() => active.releaseKey())
      .catch((err) => this.#log.debug({ err, task: active.task.id }, 'an interaction is not noted'));
  }

  #noteUnknownRefusal(task: Task, signal: Signal): void {
    if (signal.type === 'accepted') return;
    if (signal.type !== 'refused') {
      this.#unknownRefusals.drew();
      return;
    }
    if (!signal.unknown) return;
    this.#options.metrics.unknownRefusals.inc({ kind: signal.unknown });
    if (!this.#unknownRefusals.refused(task)) return;
    const reason = `Midjourney refused the last ${unknownRefusalsThatCount} tasks, of several clients, in words that are not known here: look into the channel as the account's user. The last one: ${signal.reason}`;
    this.refuse('account_unavailable', reason);
  }

  #noteWaiting(task: Task): void {
    const reason =
      'Another drawing is under way whose messages would read like those of this one, which is sent once that has ended.';
    this.#change(task, { type: 'waiting', reason }).catch((err) =>
      this.#log.debug({ err, task: task.id }, 'it is not noted why a task waits'),
    );
  }

  /** Makes Midjourney stop drawing a task, as soon as it is known where. */
  #cancel(active: ActiveTask): void {
    active.cancelRequested = true;
    if (this.#isRefused()) return;
    cancelWhenRequested(active, this.#sending).catch((err) =>
      this.#log.warn({ err, task: active.task.id }, 'the cancel button could not be pressed'),
    );
  }

  /** Keeps the slot of a task that was given up until Midjourney's job has ended, and expects its picture. */
  #expectLate(active: ActiveTask, { isThere, ageMs = 0, isExpected = true }: LateJob): void {
    const { totalMs, progressMs } = this.#options.deadlines;
    this.#givenUp.add(active, {
      slotMs: isThere ? longestJobMs - ageMs : 0,
      keyMs: progressMs - ageMs,
      pictureMs: isExpected ? totalMs - ageMs : 0,
    });
  }

  /** What a task that was given up still drew at Midjourney. */
  #heardLate(active: ActiveTask, signal: Signal): void {
    const { id } = active.task;
    switch (signal.type) {
      case 'accepted':
      case 'started':
      case 'progressed':
        return;
      case 'refused':
        this.#jobEnded(active);
        return;
      case 'finished':
      case 'described': {
        this.#givenUp.jobEnded(id);
        this.#log.warn(
          { task: id, message: signal.message.id },
          'the picture of a task came after it was given up',
        );
        const type = signal.type === 'finished' ? 'end' : 'text';
        const event = resultEventOf(id, type, signal.message, active.hash ? { job_id: active.hash } : {});
        this.#options.delivery.insist(event, this.#stopping.signal).then(
          ({ applied }) => applied && this.#givenUp.forget(id),
          (err) => {
            if (!this.#stopping.signal.aborted)
              this.#log.error({ err, task: id }, 'late result not delivered');
          },
        );
      }
    }
  }

  /** Midjourney has nothing under way any longer of a task that was given up. */
  #jobEnded(active: ActiveTask): void {
    this.#givenUp.jobEnded(active.task.id);
    this.#change(active.task, { type: 'job_ended' }).catch((err) =>
      this.#log.debug({ err, task: active.task.id }, 'the end of a job is not noted'),
    );
  }

  /** What was given up and has left no message in the history has ended while nobody listened. */
  #endUnseen(): void {
    for (const active of [...this.#givenUp.activeTasks()]) {
      const isPrivate = (active.progressFlags & MessageFlags.Ephemeral) !== 0;
      if (active.progressMessageId && !isPrivate && !this.#seen.has(active.task.id)) this.#jobEnded(active);
    }
  }

  /** The message after which this account's tasks may have some. */
  #oldestSend(): string | null {
    const activeTasks = [...this.#active.values(), ...this.#givenUp.activeTasks()];
    const sentAfter = activeTasks.flatMap((active) => active.sentAfterMessageId ?? []);
    return sentAfter.reduce<string | null>((a, b) => (a === null || BigInt(b) < BigInt(a) ? b : a), null);
  }

  #isRefused(): boolean {
    return isRefused(this.#standing.state);
  }

  #enter(state: AccountState, reason: string | null = null): void {
    // What a person has to mend is not mended by a reconnection.
    if (this.#isRefused() || this.#standing.state === state) return;
    this.#standing = { state, reason };
    this.#log.info({ state }, 'account state');
    this.#options.onStanding(this.#standing);
  }

  async #change(task: Task, event: TaskEvent) {
    const change = () => changeTask(this.#options, task.id, event, new Date(), task);
    const changed = await untilMySqlIsBack(change, this.#stopping.signal, this.#log);
    if (!changed) throw new Error(`Task ${task.id} is gone from MySQL.`);
    const { submittedAt, createdAt, triggerType: trigger_type } = changed.task;
    if (changed.applied && event.type === 'submitted' && submittedAt) {
      const { waitingTime } = this.#options.metrics;
      waitingTime.observe({ trigger_type }, (submittedAt.getTime() - createdAt.getTime()) / 1_000);
    }
    return changed;
  }
}

export class SessionStopped extends Error {
  override readonly name = 'SessionStopped';
}

/** Of tasks with the same key one is sent at a time; what Discord has identified needs no key. */
function keyOf({ action, interactionId }: Task): string | null {
  return interactionId === null ? exclusiveKey(action) : null;
}
