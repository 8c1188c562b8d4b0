import type { Database } from '@midjourney-api/shared/database/connect';
import type { Logger } from '@midjourney-api/shared/logger';
import { changeTask } from '@midjourney-api/shared/tasks/change-task';
import { findSentTasks } from '@midjourney-api/shared/tasks/find-tasks';
import { type FailCode, isOpen, type Task } from '@midjourney-api/shared/tasks/task';
import type { TaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { DiscordAPIError } from 'discord.js';
import type { ChannelEvent, DiscordMessage } from '../discord/message.ts';
import type { DiscordAccount, DiscordRest } from '../discord/rest.ts';
import { openSession, type Session } from '../discord/session.ts';
import { createCommandCache } from '../midjourney/command-cache.ts';
import { createSessionId } from '../midjourney/interactions.ts';
import { hashOfPicture, matchMessage } from '../midjourney/match.ts';
import { exclusiveKey } from '../midjourney/result-family.ts';
import { readSignal } from '../midjourney/signal.ts';
import { untilMySqlIsBack } from '../mysql-outage.ts';
import type { Delivery } from '../results/delivery.ts';
import { failureEvent } from '../results/result-event-of.ts';
import { growingDelay, wait } from '../wait.ts';
import { createFlight, type Flight, tell } from './flight.ts';
import { type Deadlines, followTask } from './follow.ts';
import { type SendContext, sendTask } from './send.ts';
import { Exclusive, type Release, Slots } from './slots.ts';

export type AccountState =
  | { name: 'connecting' }
  | { name: 'ready' }
  /** Stays out until a person has mended what the reason says. */
  | { name: 'refused' | 'verification_required'; reason: string };

export interface AccountDriverOptions {
  account: DiscordAccount;
  discordApiUrl: string;
  midjourneyBotId: string;
  rest: DiscordRest;
  db: Database;
  changes: TaskChanges;
  delivery: Delivery;
  deadlines: Deadlines;
  evidenceWindowMs: number;
  onState(state: AccountState): void;
  log: Logger;
}

/**
 * Drives one Midjourney account: listens to its channel, sends its tasks, and follows each of them until
 * the api has committed its outcome. An account is driven by one process at a time.
 */
export class AccountDriver {
  readonly #options: AccountDriverOptions;
  readonly #log: Logger;
  readonly #flights = new Map<TaskId, Flight>();
  readonly #slots: Slots;
  readonly #exclusive = new Exclusive();
  readonly #stopping = new AbortController();
  readonly #sending: SendContext;
  #state: AccountState = { name: 'connecting' };
  #session: Session | undefined;
  #newestMessageId: string | null = null;
  #readingHistory: Promise<void> | undefined;

  constructor(options: AccountDriverOptions) {
    const { account, rest, midjourneyBotId, evidenceWindowMs } = options;
    this.#options = options;
    this.#log = options.log.child({ account: account.name });
    this.#slots = new Slots(account.concurrency);
    this.#sending = {
      account,
      rest,
      commands: createCommandCache(rest, midjourneyBotId),
      applicationId: midjourneyBotId,
      sessionId: createSessionId(),
      evidenceWindowMs,
      newestMessageId: () => this.#newestMessageId,
      change: (task, event) => this.#change(task, event),
      readHistory: () => this.#readHistory(),
      now: Date.now,
      log: this.#log,
    };
  }

  get name(): string {
    return this.#options.account.name;
  }

  /** Takes over what the account has at Midjourney already, then listens. */
  async start(): Promise<void> {
    const find = () => findSentTasks(this.#options.db, this.#options.account.name);
    const sent = await untilMySqlIsBack(find, this.#stopping.signal, this.#log);
    for (const task of sent) this.#takeUp(task);
    const { discordApiUrl, account } = this.#options;
    this.#session = openSession(
      discordApiUrl,
      account,
      {
        event: (event) => this.#heard(event),
        ready: ({ resumed }) => void this.#listening(resumed),
        away: () => this.#enter({ name: 'connecting' }),
        refused: (reason) => this.refuse('account_unavailable', reason),
      },
      this.#log,
    );
  }

  /**
   * Draws a task, or goes on with it where another worker left it. Settles when its outcome is committed.
   * @throws {NotSent} when it surely was not sent, and the queue should try it again. @throws when stopping.
   */
  async run(task: Task): Promise<void> {
    const known = this.#flights.get(task.id);
    if (known) return known.done;
    if (task.nonce !== null) return this.#takeUp(task).done;

    const signal = this.#stopping.signal;
    const releases: Release[] = [];
    try {
      releases.push(await this.#exclusive.acquire(exclusiveKey(task.action), signal));
      releases.push(
        await this.#slots.acquire(task.action.kind === 'button' ? 'followUps' : 'drawings', signal),
      );
      // Another job of the same task may have been faster.
      await (this.#flights.get(task.id) ?? this.#launch(task)).done;
    } finally {
      for (const release of releases.reverse()) release();
    }
  }

  /** Stops sending on this account, and says why. */
  refuse(code: FailCode, reason: string): void {
    const name = code === 'verification_required' ? 'verification_required' : 'refused';
    this.#log.error(
      { code, reason },
      'the account is refused: it takes no more tasks until an operator has looked',
    );
    this.#enter({ name, reason });
  }

  /** Leaves running tasks to be taken up again by whoever drives the account next. */
  async stop(): Promise<void> {
    this.#stopping.abort(new DriverStopped());
    await this.#session?.close();
    await Promise.allSettled([...this.#flights.values()].map((flight) => flight.done));
  }

  /** A task that is at Midjourney already takes its place there, whether one is free or not. */
  #takeUp(task: Task): Flight {
    const release = this.#slots.occupy();
    const key = this.#exclusive.acquire(exclusiveKey(task.action), this.#stopping.signal);
    const flight = this.#launch(task);
    const leave = async () => {
      release();
      (await key)();
    };
    flight.done.then(leave, leave).catch(() => {});
    return flight;
  }

  #launch(task: Task): Flight {
    const flight = createFlight(task);
    this.#flights.set(task.id, flight);
    const stopListening = this.#options.changes.listen(task.id, (change) => {
      if (!isOpen(change)) flight.inbox.put({ type: 'ended' });
    });
    flight.done = this.#fly(flight).finally(() => {
      stopListening();
      this.#flights.delete(task.id);
    });
    // Whoever runs the task sees the error; one that was taken up at the start may have nobody yet.
    flight.done.catch(() => {});
    return flight;
  }

  async #fly(flight: Flight): Promise<void> {
    const signal = this.#stopping.signal;
    if (flight.task.status === 'queued') {
      const sent = await sendTask(flight, this.#sending, signal);
      if (sent.type === 'ended') return;
      if (sent.type === 'account refused') {
        this.refuse('account_unavailable', sent.reason);
        throw new AccountRefused(sent.reason);
      }
      if (sent.type === 'refused') {
        await this.#options.delivery.insist(failureEvent(flight.task.id, 'rejected', sent.reason), signal);
        return;
      }
    } else {
      await this.#readHistory();
      // Drawn to the end, or stopped, while nobody listened.
      if (flight.inbox.isEmpty && flight.progressMessageId) flight.inbox.put({ type: 'vanished' });
    }
    await followTask(
      flight,
      {
        delivery: this.#options.delivery,
        deadlines: this.#options.deadlines,
        readHistory: () => this.#readHistory(),
        accountRefused: (code, reason) => this.refuse(code, reason),
        now: Date.now,
      },
      signal,
    );
  }

  #heard(event: ChannelEvent): void {
    if (event.type === 'deleted') {
      for (const flight of this.#flights.values()) {
        if (flight.progressMessageId === event.messageId) flight.inbox.put({ type: 'vanished' });
      }
      return;
    }
    const { message } = event;
    if (this.#newestMessageId === null || BigInt(message.id) > BigInt(this.#newestMessageId)) {
      this.#newestMessageId = message.id;
    }
    if (message.authorId === this.#options.midjourneyBotId) this.#heardMidjourney(message);
  }

  #heardMidjourney(message: DiscordMessage): void {
    const flight = matchMessage(message, this.#flights.values());
    if (!flight) {
      this.#log.info({ message: message.id }, 'a message of the Midjourney Bot belongs to no task');
      return;
    }
    tell(flight, readSignal(message), message, hashOfPicture(message));
  }

  async #listening(resumed: boolean): Promise<void> {
    try {
      // After a new session the history tells what happened in between, and where the channel stands.
      if (!resumed) await this.#readHistory();
      this.#enter({ name: 'ready' });
    } catch (err) {
      if (!this.#stopping.signal.aborted) this.#log.error({ err }, 'the channel cannot be followed');
    }
  }

  /** Reads what the channel holds since the oldest task here was sent, as if the gateway had told it. */
  #readHistory(): Promise<void> {
    this.#readingHistory ??= this.#readHistoryWhenReachable().finally(() => {
      this.#readingHistory = undefined;
    });
    return this.#readingHistory;
  }

  async #readHistoryWhenReachable(): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#readHistoryPages();
      } catch (err) {
        if (err instanceof DiscordAPIError && [401, 403, 404].includes(err.status)) {
          this.refuse(
            'account_unavailable',
            `Discord does not let the bot read the channel (${err.message}): it must be in the server, view the channel and read its history.`,
          );
          throw err;
        }
        this.#log.warn({ err, attempt }, "cannot read the channel's history, trying again");
        await wait(growingDelay(attempt), this.#stopping.signal);
      }
    }
  }

  async #readHistoryPages(): Promise<void> {
    const sentAfter = [...this.#flights.values()].flatMap((flight) => flight.sentAfterMessageId ?? []);
    if (sentAfter.length === 0) {
      this.#newestMessageId = (await this.#options.rest.newestMessageId()) ?? '0';
      return;
    }
    let after: string | undefined = sentAfter.reduce((a, b) => (BigInt(b) < BigInt(a) ? b : a));
    while (after !== undefined) {
      const { messages, newestId } = await this.#options.rest.historyAfter(after);
      for (const message of messages) this.#heard({ type: 'message', message });
      after = newestId;
    }
  }

  #enter(state: AccountState): void {
    // What a person has to mend is not mended by a reconnection.
    if (this.#state.name === 'refused' || this.#state.name === 'verification_required') return;
    if (this.#state.name === state.name) return;
    this.#state = state;
    this.#log.info({ state: state.name }, 'account state');
    this.#options.onState(state);
  }

  async #change(task: Task, event: Parameters<typeof changeTask>[2]) {
    const change = () => changeTask(this.#options, task.id, event);
    const changed = await untilMySqlIsBack(change, this.#stopping.signal, this.#log);
    if (!changed) throw new Error(`Task ${task.id} is gone from MySQL.`);
    return changed;
  }
}

export class DriverStopped extends Error {
  override readonly name = 'DriverStopped';
}

/** The account cannot send; the task waits until it can, or another account takes it. */
export class AccountRefused extends Error {
  override readonly name = 'AccountRefused';
}
