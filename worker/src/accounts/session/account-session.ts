import { accountsToDraw, drawsAtSpeed } from '@midjourney-api/shared/accounts/accounts';
import { findDrawings, findSentTasks, findTasksGivenUp } from '@midjourney-api/shared/tasks/find-tasks';
import { isOpen } from '@midjourney-api/shared/tasks/statuses';
import { isTiedToAccount, type Task } from '@midjourney-api/shared/tasks/task';
import type { TaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { findMask } from '@midjourney-api/shared/tasks/task-masks';
import { workOf } from '@midjourney-api/shared/tasks/work';
import { AccountRefused } from '../../discord/account-refused.ts';
import { Channel } from '../../discord/channel.ts';
import { proxyAt } from '../../discord/proxy.ts';
import type { DiscordAccount, DiscordRest } from '../../discord/rest.ts';
import { SessionId } from '../../discord/session-id.ts';
import { DriftLog } from '../../drift/drift-log.ts';
import type { WorkerMetrics } from '../../metrics.ts';
import type { BotIds } from '../../midjourney/bots.ts';
import { createCommandCache } from '../../midjourney/command-cache.ts';
import { type CheckAddresses, findCheckLink } from '../../midjourney/human-check.ts';
import { type Editor, sendRegion } from '../../midjourney/region-editor.ts';
import { untilMySqlIsBack } from '../../mysql-outage.ts';
import type { Delivery } from '../../results/delivery.ts';
import { type ActiveTask, createActiveTask } from '../../tasks/active-task.ts';
import { cancelTask } from '../../tasks/cancel.ts';
import { type DrawContext, drawTask } from '../../tasks/draw-task.ts';
import type { Deadlines, Outcome } from '../../tasks/follow-state.ts';
import { GivenUpTasks, isRecognisable } from '../../tasks/given-up.ts';
import { Postponed } from '../../tasks/postponed.ts';
import { createTaskRecord, type TaskRecordOptions } from '../../tasks/task-record.ts';
import type { Pace } from '../permits/pace.ts';
import { dayMs, type Send, sendOf } from '../permits/pacing.ts';
import { type Permit, Permits } from '../permits/permits.ts';
import { type Slot, Slots } from '../permits/slots.ts';
import type { OwnLease } from '../pool/own-lease.ts';
import { AccountQuestions } from '../questions/account-questions.ts';
import { Questions } from '../questions/questions.ts';
import { Seeds } from '../questions/seeds.ts';
import type { AccountUser } from './account-user.ts';
import { Hearing } from './hearing.ts';
import { SessionStopped } from './session-stopped.ts';
import type { AccountStanding } from './standing.ts';

export interface AccountSessionOptions extends TaskRecordOptions {
  account: DiscordAccount;
  lease: OwnLease;
  standing: AccountStanding;
  /** When it was resumed, or how it stands changed otherwise, before this session began. */
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
  /** There is room for another drawing. */
  onFreeSlot(): void;
}

/**
 * One Midjourney account at work: listens to its channel, sends its tasks, and follows each of them until the api has
 * committed its outcome. An account has one session at a time, in one process.
 */
export class AccountSession {
  readonly account: DiscordAccount;
  readonly standing: AccountStanding;
  readonly questions: AccountQuestions;
  readonly #options: AccountSessionOptions;
  readonly #stopping = new AbortController();
  readonly #active = new Map<TaskId, ActiveTask>();
  readonly #givenUp: GivenUpTasks;
  readonly #slots: Slots;
  readonly #permits: Permits;
  readonly #hearing: Hearing;
  readonly #channel: Channel;
  readonly #drawing: DrawContext;

  constructor(options: AccountSessionOptions) {
    const { account, lease, standing, pace, bots, rest, delivery, deadlines, evidenceWindowMs } = options;
    const { metrics, log } = options;
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
    this.#slots = new Slots({
      pictures: account.concurrency,
      videos: pace.pacing.videos,
      pace,
      onFree: () => this.#paceChanged(),
    });
    this.#permits = new Permits(this.#slots, record);
    this.#givenUp = new GivenUpTasks({ deadlines, record, delivery, stopping, log });
    this.#hearing = new Hearing({
      user,
      active: this.#active,
      givenUp: this.#givenUp,
      questions,
      seeds,
      standing,
      standsSince: options.standsSince,
      record,
      findCheckLink: (page) => findCheckLink(page, options.addresses, proxyAt(account.proxy), stopping),
      drift,
      metrics,
      log,
    });
    this.#channel = new Channel(account, rest, sessionId, this.#hearing, log);
    this.#drawing = {
      user,
      lease,
      channel: this.#channel,
      slots: this.#slots,
      pace,
      record,
      standing,
      delivery,
      deadlines,
      evidenceWindowMs,
      sendRegion: (task, editor) => this.#sendRegion(task, editor),
      whyNoForm: (task) => this.questions.whyNoForm(task),
      othersDraw: (task) => this.#othersDraw(task),
      since: Date.now(),
      log,
    };
  }

  async #sendRegion({ id, action }: Task, editor: Editor): Promise<string | undefined> {
    const { account, db, addresses, bots, log } = this.#options;
    const mask = await findMask(db, id);
    if (!mask || action.kind !== 'button') return 'The mask of the region is gone.';
    const region = { mask, prompt: action.prompt ?? '' };
    const host = addresses.DISCORDSAYS_URL.replace('{application}', bots.midjourney);
    const { failure, unclear } = await sendRegion(
      editor,
      region,
      { host, proxy: proxyAt(account.proxy) },
      this.#stopping.signal,
    );
    if (unclear)
      log.warn({ task: id, unclear }, 'unclear whether Midjourney took the region: it is sent once only');
    return failure;
  }

  get name(): string {
    return this.account.name;
  }

  /** How full it is, for its weight: the lower, the sooner it should get the next drawing. */
  get load(): number {
    return this.#slots.used / this.account.weight;
  }

  /** Whether it follows no task. */
  get isIdle(): boolean {
    return this.#active.size === 0;
  }

  /** Whether it could draw this at once. */
  hasSlotFor(drawing: Send): boolean {
    return this.standing.isReady && this.#slots.isFreeFor(this.#atOwnSpeed(drawing));
  }

  /** Takes a slot for a new drawing; undefined when none is free or the account cannot draw now. */
  takeSlot(drawing: Send): Slot | undefined {
    if (!this.standing.isReady) return undefined;
    const slot = this.#slots.tryAcquire(this.#atOwnSpeed(drawing));
    this.#showPace();
    return slot;
  }

  /** Whether videos have slots of their own here. */
  get hasVideoSlots(): boolean {
    return this.#options.pace.pacing.videos !== null;
  }

  /** It is ready: from now on it is shown when its pace keeps it from drawing. */
  ready(): void {
    this.#paceChanged();
  }

  /** Takes up what the account has at Midjourney already, then listens. */
  async start(): Promise<void> {
    const { db, deadlines, log } = this.#options;
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
    this.#options.pace.remember(drawings);
    // Stopped meanwhile: nothing may be opened now, as nothing would close it.
    signal.throwIfAborted();
    for (const task of sent) if (!this.#active.has(task.id)) this.#takeUp(task);
    for (const task of givenUp) this.#expectLate(task);
    this.#channel.open();
  }

  /**
   * Draws a task, or goes on with it where another worker left it. Settles when its outcome is committed.
   * A new drawing brings the slot that it was given; anything else waits for one here, by its priority.
   * @throws {NotSent} when it was definitely not sent, and the queue should try it again.
   * @throws {Postponed} when Midjourney wants it again later.
   * @throws {AccountRefused} when the account may not send.
   * @throws {SessionStopped} when the session stops, or the account takes nothing new.
   */
  async run(task: Task, slot?: Slot, priority = 0): Promise<void> {
    const known = this.#active.get(task.id);
    if (known || task.nonce !== null) {
      slot?.release();
      return (known ?? this.#takeUp(task)).done;
    }
    const { refusal } = this.standing;
    if (refusal) {
      slot?.release();
      throw new AccountRefused(refusal);
    }
    const signal = AbortSignal.any([this.#stopping.signal, this.standing.closed]);
    const permit = await this.#permits.acquire(task, sendOf(task, this.account), slot, priority, signal);
    // Another job of the same task may have been faster.
    const faster = this.#active.get(task.id);
    if (faster) {
      permit.slot.release();
      permit.releaseKey();
    }
    return (faster ?? this.#launch(task, permit)).done;
  }

  /** Leaves running tasks to be taken up by the next session of the account. */
  async stop(): Promise<void> {
    this.#stopping.abort(new SessionStopped());
    this.#options.pace.close();
    this.#givenUp.clear();
    await this.#channel.close();
    await Promise.allSettled([...this.#active.values()].map(({ done }) => done));
  }

  /** Whether another account may take a task. */
  async #othersDraw(task: Pick<Task, 'action' | 'speed'>): Promise<boolean> {
    if (isTiedToAccount(task)) return false;
    const others = await accountsToDraw(this.#options.db).catch(() => []);
    return others.some(({ name, speed }) => name !== this.name && drawsAtSpeed({ speed }, task.speed));
  }

  #atOwnSpeed({ work, speed }: Send): Send {
    return { work, speed: speed ?? this.account.speed };
  }

  /** There may be room for another drawing, or none any longer. */
  #paceChanged(): void {
    this.#showPace();
    this.#options.onFreeSlot();
  }

  /** Shows operators and clients until when the account draws nothing new, and why. */
  #showPace(): void {
    const { pace, standing } = this.#options;
    const verdict = pace.verdict({ work: 'picture', speed: this.account.speed });
    const hold = verdict === 'now' || verdict.isPause ? null : verdict;
    standing.enter({ type: 'paced', hold: hold && { reason: hold.reason, until: new Date(hold.at) } });
    if (pace.isFastNearlyOut) this.#readFastHours();
  }

  /** Asks Midjourney for the account's fast hours, where the operator wants them watched and a user's session hears. */
  #readFastHours(): void {
    const { pace, standing, log } = this.#options;
    if (this.account.session !== 'user' || !standing.isReady || !pace.mayReadFastHours()) return;
    this.questions
      .info()
      .then(({ fast_hours_left: left }) => {
        if (left !== null) pace.fastHoursLeft(left);
        this.#paceChanged();
      })
      .catch((err) => log.warn({ err }, 'the fast hours of the account are not known'));
  }

  /** Follows a task that is at Midjourney already. */
  #takeUp(task: Task): ActiveTask {
    return this.#launch(task, this.#permits.occupy(task, sendOf(task, this.account)));
  }

  /** Expects the picture of a task that another session gave up. */
  #expectLate(task: Task): void {
    const active = createActiveTask(task, this.#permits.occupy(task, sendOf(task, this.account)));
    this.#givenUp.add(active, {
      isThere: task.failCode !== 'not_started',
      ageMs: Date.now() - (task.finishedAt?.getTime() ?? 0),
      // What was drawn meanwhile for others may be read from the history now, and reads like its own.
      isExpected: isRecognisable(active),
    });
  }

  #launch(task: Task, permit: Permit): ActiveTask {
    const { signal } = this.#stopping;
    const active = createActiveTask(task, permit);
    this.#active.set(task.id, active);
    const stopListening = this.#options.changes.listen(task.id, (change) => {
      if (!isOpen(change)) active.inbox.put({ type: 'ended' });
      else if (change.cancelRequested) cancelTask(active, this.#drawing);
    });
    active.done = drawTask(active, this.#drawing, signal)
      .then(
        (outcome) => this.#concluded(active, outcome),
        (error) => {
          // Before its slot is free, which the next one would take only to be refused as well.
          if (error instanceof Postponed && error.holdUntil) this.#slots.hold.until(error.holdUntil);
          active.releaseKey();
          active.slot.release();
          throw signal.aborted ? signal.reason : error;
        },
      )
      .finally(() => {
        stopListening();
        this.#active.delete(task.id);
      });
    // Whatever runs the task sees the error; one that was taken up at the start may have nothing that does yet.
    active.done.catch(() => {});
    return active;
  }

  #concluded(active: ActiveTask, outcome: Outcome): void {
    if (outcome === 'over') {
      active.releaseKey();
      active.slot.release();
      // There is room for another one in Midjourney's queue.
      this.#slots.hold.lift();
      this.#hearing.ended(active);
      if (workOf(active.task.action) !== 'nothing') this.#readFastHours();
      return;
    }
    // A message that may be its own says that it is drawn all the same, where it cannot be followed.
    this.#givenUp.add(active, { isThere: outcome === 'given up' || active.maybeArrived });
    if (outcome === 'never started') this.#hearing.heardNothing(active);
  }
}
