import type { Account } from '../accounts.ts';
import type { Attachment, Message } from '../discord/model.ts';
import type { Journal } from '../journal.ts';
import type { Stats } from '../stats.ts';
import type { JobMessages } from './job-messages.ts';
import { isOpen, isPickedVideo, type Job, type JobState, type Jobs } from './jobs.ts';
import { nameOf, type Refusal, refusals } from './refusals.ts';
import type { Renderings } from './renderings.ts';

export interface StudioOptions {
  jobs: Jobs;
  messages: JobMessages;
  journal: Pick<Journal, 'append'>;
  renderings: Renderings;
  stats: Stats;
  /** How long an imagine takes, in milliseconds. */
  drawMs: number;
  /** Draw a picture only when it is downloaded; until then its size is an estimate. For load tests. */
  lazyPictures: boolean;
  log: (line: string) => void;
}

/** Kinds of jobs with separate limits. */
const media = ['pictures', 'videos'] as const;
type Medium = (typeof media)[number];

interface Desk {
  account: Account;
  medium: Medium;
  drawing: Set<string>;
  waiting: { job: Job; answered: boolean }[];
}

export type Admission = 'drawing' | 'queued' | 'full';

/** Runs the jobs: each account draws a number of jobs at once, with a queue behind them; videos are separate. */
export class Studio {
  readonly #desks = new Map<string, Desk>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #options: StudioOptions;
  #closed = false;

  constructor(options: StudioOptions) {
    this.#options = options;
  }

  /** Accepts a job if the account has room. `onQueued` informs the user that it must wait. */
  submit(job: Job, account: Account, onQueued: () => void): Admission {
    const desk = this.#deskOf(account, mediumOf(job));
    if (desk.drawing.size < slotsOf(desk)) {
      this.#options.jobs.put(job);
      this.#start(job, desk, false);
      return 'drawing';
    }
    if (desk.waiting.length >= account.queueSize) return 'full';
    this.save(job);
    desk.waiting.push({ job, answered: true });
    this.#noteLoad(desk);
    onQueued();
    return 'queued';
  }

  /**
   * Continues a job that a restart of the simulator interrupted. `delivered` is the message with its
   * result, if the interruption came after that.
   */
  takeUpAgain(job: Job, account: Account, delivered: Message | undefined): void {
    if (delivered) {
      job.state = 'done';
      job.finishedAt = delivered.createdAt;
      job.finalMessageId = delivered.id;
      job.messageIds.push(delivered.id);
      if (job.progressMessageId !== delivered.id) this.#options.messages.removeProgress(job);
      this.save(job);
      return;
    }
    if (!job.picture) {
      job.state = 'stopped';
      this.save(job);
      return;
    }
    const desk = this.#deskOf(account, mediumOf(job));
    if (desk.drawing.size < slotsOf(desk)) this.#start(job, desk, true);
    else desk.waiting.push({ job, answered: true });
  }

  /** Stops a job that waits or is being drawn. */
  cancel(job: Job): void {
    this.#endEarly(job, 'cancelled');
  }

  /** Runs something later, unless the simulator is closed before. */
  after(ms: number, action: () => unknown): void {
    if (this.#closed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  /** How many jobs an account has at Midjourney, of pictures and videos. */
  load(account: Account): { drawing: number; waiting: number } {
    const desks = media.map((medium) => this.#deskOf(account, medium));
    return {
      drawing: desks.reduce((sum, { drawing }) => sum + drawing.size, 0),
      waiting: desks.reduce((sum, { waiting }) => sum + waiting.length, 0),
    };
  }

  /** Silently drops everything that is being drawn or waits. */
  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#desks.clear();
  }

  close(): void {
    this.#closed = true;
    this.clear();
  }

  /** Journals a job as it is now. */
  save(job: Job): void {
    this.#options.jobs.put(job);
    this.#options.journal.append({ is: 'job', job });
  }

  #start(job: Job, desk: Desk, answered: boolean): void {
    const { messages, renderings, lazyPictures } = this.#options;
    desk.drawing.add(job.id);
    this.#noteLoad(desk);
    job.state = 'drawing';
    job.startedAt = Date.now();
    if (!messages.progressOf(job)) messages.postWaiting(job, desk.account, answered);
    this.save(job);
    if (!lazyPictures) {
      // Drawn during the delay, so that the result is ready in time.
      const result = renderings.result(job);
      result.catch((error) => this.#options.log(`drawing ${job.id} failed: ${error}`));
    }
    const total = this.#timeFor(job);
    const steps = total <= 100 ? 1 : Math.min(6, Math.max(2, Math.round(total / 1000)));
    this.#step(job, 0, steps, total);
  }

  #step(job: Job, at: number, steps: number, total: number): void {
    this.after(at === 0 ? total / steps / 2 : total / steps, () => {
      if (job.state !== 'drawing') return;
      this.#options.messages.showProgress(job, Math.round((100 * (at + 0.5)) / steps));
      if (at + 1 >= steps / 2 && this.#endsMidway(job)) return;
      if (at + 1 < steps) this.#step(job, at + 1, steps, total);
      else this.after(total / steps / 2, () => void this.#finish(job));
    });
  }

  #endsMidway(job: Job): boolean {
    switch (job.fate) {
      case 'stop_midway':
        this.#endEarly(job, 'stopped');
        return true;
      case 'delete_midway':
        this.#endEarly(job, 'deleted');
        return true;
      case 'stall_midway':
        this.#endEarly(job, 'stopped', 'stalled');
        return true;
      case 'filter_midway':
        this.#refuseMidway(job, refusals.outputFiltered());
        return true;
      case 'break_midway':
        this.#refuseMidway(job, refusals.jobError());
        return true;
      default:
        return false;
    }
  }

  #refuseMidway(job: Job, refusal: Refusal): void {
    job.state = 'refused';
    job.finishedAt = Date.now();
    job.detail = nameOf(refusal);
    this.#options.messages.replyToProgress(job, refusal);
    this.save(job);
    this.#release(job);
  }

  #endEarly(job: Job, state: JobState, detail?: 'stalled'): void {
    if (!isOpen(job)) return;
    job.state = state;
    job.finishedAt = Date.now();
    if (detail !== undefined) job.detail = detail;
    this.save(job);
    if (state === 'deleted') this.#options.messages.removeProgress(job);
    else if (detail !== 'stalled') this.#options.messages.showStopped(job);
    this.#release(job);
  }

  async #finish(job: Job): Promise<void> {
    const desk = this.#desks.get(keyOf(job.accountUserId, mediumOf(job)));
    if (!desk) return;
    try {
      const attachment = await this.#options.messages.resultAttachment(job, desk.account.user.user.username);
      if (job.state !== 'drawing' || this.#closed || !desk.drawing.has(job.id)) return;
      this.#deliver(job, desk, attachment);
    } catch (error) {
      this.#options.log(`job ${job.id} could not be finished: ${error}`);
      this.#endEarly(job, 'stopped');
    }
  }

  #deliver(job: Job, desk: Desk, attachment: Attachment): void {
    job.state = 'done';
    job.finishedAt = Date.now();
    // Free the slot before anybody is notified, so that it is never found taken.
    desk.drawing.delete(job.id);
    this.#noteLoad(desk);
    this.#options.messages.showResult(job, desk.account, attachment);
    // A new object, so that what previews cache for the old one can be freed.
    job.picture = job.picture && { ...job.picture };
    this.save(job);
    this.#startNext(desk);
  }

  #release(job: Job): void {
    const desk = this.#desks.get(keyOf(job.accountUserId, mediumOf(job)));
    if (!desk) return;
    desk.drawing.delete(job.id);
    desk.waiting = desk.waiting.filter((waiting) => waiting.job !== job);
    this.#noteLoad(desk);
    this.#startNext(desk);
  }

  #startNext(desk: Desk): void {
    while (desk.drawing.size < slotsOf(desk)) {
      const next = desk.waiting.shift();
      if (!next) return;
      this.#start(next.job, desk, next.answered);
    }
  }

  /** Picks are near instant, upscales quicker than drawings. */
  #timeFor(job: Job): number {
    const total = job.drawMs ?? this.#options.drawMs;
    if (job.kind === 'pick' || isPickedVideo(job)) return total / 6;
    return job.kind === 'upscale' ? total / 2 : total;
  }

  #noteLoad(desk: Desk): void {
    const drawing = desk.drawing.size;
    const key = keyOf(desk.account.user.user.id, desk.medium);
    this.#options.stats.noteLoad(key, drawing, drawing + desk.waiting.length);
  }

  #deskOf(account: Account, medium: Medium): Desk {
    const key = keyOf(account.user.user.id, medium);
    const known = this.#desks.get(key);
    if (known) return known;
    const made: Desk = { account, medium, drawing: new Set(), waiting: [] };
    this.#desks.set(key, made);
    return made;
  }
}

function mediumOf({ video }: Job): Medium {
  return video ? 'videos' : 'pictures';
}

function slotsOf({ account, medium }: Desk): number {
  return medium === 'videos' ? account.videoConcurrency : account.concurrency;
}

/** The name of a desk, here and in the statistics. */
export function keyOf(accountUserId: string, medium: Medium): string {
  return `${accountUserId} ${medium}`;
}
