import { findDrawings, findSentTasks, findTasksGivenUp } from '@midjourney-api/shared/tasks/find-tasks';
import type { Task } from '@midjourney-api/shared/tasks/task';
import type { TaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { Channel } from '../../discord/channel.ts';
import type { DiscordAccount } from '../../discord/discord-account.ts';
import { proxyAt } from '../../discord/proxy.ts';
import { AccountRefused } from '../../discord/rest/account-refused.ts';
import type { DiscordRest } from '../../discord/rest/discord-rest.ts';
import { SessionId } from '../../discord/session-id.ts';
import { DriftLog } from '../../drift/drift-log.ts';
import type { WorkerMetrics } from '../../metrics.ts';
import type { BotIds } from '../../midjourney/bots.ts';
import { createCommandCache } from '../../midjourney/command-cache.ts';
import { type CheckAddresses, findCheckLink } from '../../midjourney/human-check.ts';
import { untilMySqlIsBack } from '../../mysql-outage.ts';
import type { Delivery } from '../../results/delivery.ts';
import type { ActiveTask } from '../../tasks/active-task.ts';
import type { Deadlines } from '../../tasks/follow-state.ts';
import { GivenUpTasks } from '../../tasks/given-up.ts';
import { createTaskRecord, type TaskRecordOptions } from '../../tasks/task-record.ts';
import type { Pace } from '../permits/pace.ts';
import { dayMs, sendOf } from '../permits/pacing.ts';
import { Permits } from '../permits/permits.ts';
import type { Slot } from '../permits/slots.ts';
import type { OwnLease } from '../pool/own-lease.ts';
import { AccountQuestions } from '../questions/account-questions.ts';
import { Questions } from '../questions/questions.ts';
import { Seeds } from '../questions/seeds.ts';
import type { AccountUser } from './account-user.ts';
import { ActiveTasks } from './active-tasks.ts';
import { Capacity } from './capacity.ts';
import { Hearing } from './hearing.ts';
import { SessionStopped } from './session-stopped.ts';
import type { AccountStanding } from './standing.ts';

export interface AccountSessionOptions extends TaskRecordOptions {
  account: DiscordAccount;
  lease: OwnLease;
  standing: AccountStanding;
  /** When the account's recorded standing last changed, before this session began. */
  standsSince: Date;
  pace: Pace;
  bots: BotIds;
  rest: DiscordRest;
  changes: TaskChanges;
  delivery: Delivery;
  deadlines: Deadlines;
  evidenceWindowMs: number;
  addresses: CheckAddresses;
  metrics: Pick<WorkerMetrics, 'unmatchedMessages' | 'drift' | 'waitingTime'>;
  /** Called when the account may be able to draw more than before, or less. */
  onCapacityChange(): void;
}

/**
 * One Midjourney account at work: listens to its channel, sends its tasks, and follows each of them until the api has
 * committed its outcome. An account has one session at a time, in one process.
 */
export class AccountSession {
  readonly account: DiscordAccount;
  readonly standing: AccountStanding;
  readonly questions: AccountQuestions;
  readonly capacity: Capacity;
  readonly #options: AccountSessionOptions;
  readonly #stopping = new AbortController();
  readonly #givenUp: GivenUpTasks;
  readonly #permits: Permits;
  readonly #channel: Channel;
  readonly #tasks: ActiveTasks;

  constructor(options: AccountSessionOptions) {
    const { account, standing, standsSince, bots, rest, delivery, deadlines, addresses, log } = options;
    const { signal: stopping } = this.#stopping;
    this.#options = options;
    this.account = account;
    this.standing = standing;
    const sessionId = new SessionId(account.session);
    const drift = new DriftLog(options);
    const user: AccountUser = {
      account,
      bots,
      rest,
      commands: createCommandCache(rest, { onChanged: (command) => drift.command(command) }),
      sessionId: () => sessionId.get(stopping),
    };
    const record = createTaskRecord(options, stopping);
    const questions = new Questions();
    const seeds = new Seeds(rest);
    this.questions = new AccountQuestions({ ...options, user, questions, seeds, stopping });
    this.capacity = new Capacity({
      ...options,
      questions: this.questions,
      onChange: options.onCapacityChange,
    });
    this.#permits = new Permits(this.capacity.slots, record);
    this.#givenUp = new GivenUpTasks({ deadlines, record, delivery, stopping, log });
    const active = new Map<TaskId, ActiveTask>();
    const hearing = new Hearing({
      user,
      active,
      givenUp: this.#givenUp,
      questions,
      seeds,
      standing,
      standsSince,
      record,
      findCheckLink: (page) => findCheckLink(page, addresses, proxyAt(account.proxy), stopping),
      drift,
      metrics: options.metrics,
      log,
    });
    this.#channel = new Channel(account, rest, sessionId, hearing, log);
    this.#tasks = new ActiveTasks({
      active,
      givenUp: this.#givenUp,
      permits: this.#permits,
      capacity: this.capacity,
      hearing,
      drawing: {
        ...options,
        user,
        channel: this.#channel,
        slots: this.capacity.slots,
        record,
        questions: this.questions,
        since: Date.now(),
      },
      changes: options.changes,
      stopping,
    });
  }

  get name(): string {
    return this.account.name;
  }

  /** Whether it follows no task. */
  get isIdle(): boolean {
    return this.#tasks.isEmpty;
  }

  /** Resumes the tasks that the account has at Midjourney already, then listens. */
  async start(): Promise<void> {
    const { db, deadlines, pace, log } = this.#options;
    const { signal } = this.#stopping;
    const lateSince = new Date(Date.now() - deadlines.totalMs);
    const [sent, givenUp, drawings] = await untilMySqlIsBack(
      () =>
        Promise.all([
          findSentTasks(db, this.name),
          findTasksGivenUp(db, this.name, lateSince),
          findDrawings(db, this.name, new Date(Date.now() - dayMs)),
        ]),
      signal,
      log,
    );
    pace.remember(drawings);
    // If it was stopped in the meantime, nothing may be opened: nothing would close it.
    signal.throwIfAborted();
    for (const task of sent) if (!this.#tasks.get(task.id)) this.#tasks.resume(task);
    for (const task of givenUp) this.#tasks.expectLate(task);
    this.#channel.open();
  }

  /**
   * Draws a task, or continues it where another session left off. Settles when its outcome is committed.
   * A new drawing brings the slot that it was given; anything else waits for one here, by its priority.
   * @throws {NotSent} when it was definitely not sent, and the queue should try it again.
   * @throws {Postponed} when Midjourney wants it again later.
   * @throws {AccountRefused} when the account may not send.
   * @throws {SessionStopped} when the session stops, or the account takes no new tasks.
   */
  async run(task: Task, slot?: Slot, priority = 0): Promise<void> {
    const known = this.#tasks.get(task.id);
    if (known || task.nonce !== null) {
      slot?.release();
      return (known ?? this.#tasks.resume(task)).done;
    }
    const { refusal } = this.standing;
    if (refusal) {
      slot?.release();
      throw new AccountRefused(refusal);
    }
    const signal = AbortSignal.any([this.#stopping.signal, this.standing.closed]);
    const permit = await this.#permits.acquire(task, sendOf(task, this.account), slot, priority, signal);
    // Another job of the same task may have been faster.
    const faster = this.#tasks.get(task.id);
    if (faster) {
      permit.slot.release();
      permit.releaseKey();
    }
    return (faster ?? this.#tasks.launch(task, permit)).done;
  }

  /** Leaves its tasks as they are, for the account's next session to resume. */
  async stop(): Promise<void> {
    this.#stopping.abort(new SessionStopped());
    this.#options.pace.close();
    this.#givenUp.clear();
    await this.#channel.close();
    await this.#tasks.allEnded();
  }
}
