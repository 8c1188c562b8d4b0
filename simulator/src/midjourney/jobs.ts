import type { InteractionMetadata } from '../discord/model.ts';
import type { File } from '../discord/uploads.ts';
import type { Picture } from '../pictures/pictures.ts';
import type { Video } from './videos/video.ts';

type JobKind =
  | 'imagine'
  | 'pick'
  | 'variation'
  | 'reroll'
  | 'solo_variation'
  | 'zoom'
  | 'pan'
  | 'upscale'
  | 'animate'
  | 'video_pick'
  | 'extend'
  | 'blend'
  | 'describe'
  | 'shorten'
  | 'show';

export type JobState =
  | 'queued'
  | 'drawing'
  | 'done'
  | 'refused'
  | 'stopped'
  | 'deleted'
  | 'cancelled'
  | 'never_started';

export type Speed = 'fast' | 'relaxed' | 'turbo';

/** The fate of a job: drawn, or one of the ways to fail. */
export type Fate =
  | 'finish'
  | 'never_start'
  | 'stop_midway'
  | 'delete_midway'
  | 'stall_midway'
  | 'filter_midway'
  | 'break_midway';

/** Which messages of a softly moderated drawing only its user sees: all of them, or only the picture. */
export type Privacy = 'start' | 'picture';

/** A job at Midjourney. Times in milliseconds since 1970. */
export interface Job {
  /** The hash in file names and buttons: a UUID. */
  id: string;
  kind: JobKind;
  index?: number;
  /** `strong`, `left`, `2x`, `creative`, `high`, the title of a refusal... */
  detail?: string;
  /** As received. Jobs by button have that of their parent. */
  prompt: string;
  echoedPrompt: string;
  accountUserId: string;
  applicationId: string;
  guildId?: string;
  channelId: string;
  nonce?: string;
  interaction: InteractionMetadata;
  parentMessageId?: string;
  parentJobId?: string;
  messageIds: string[];
  progressMessageId?: string;
  finalMessageId?: string;
  requestedAt: number;
  startedAt?: number;
  finishedAt?: number;
  state: JobState;
  fate: Fate;
  /** Other than the simulator's own, in milliseconds. */
  drawMs?: number;
  seed: number;
  /** Which of its messages only its user sees. */
  privateFrom?: Privacy;
  /** Its user pressed Appeal: it is not moderated again. */
  appealed?: boolean;
  /** The result is an edit of the progress message instead of a message of its own. */
  finalEdits?: boolean;
  /** What it draws; jobs that answer with text alone have none. */
  picture?: Picture;
  /** A sheet of clips that begin with the picture, or the one of them that was picked. */
  video?: Video;
  /** The hash in its messages where that is another job's. */
  shownAs?: string;
  version: string;
  speed: Speed;
  stealth: boolean;
  /** The prompt was changed in the remix modal. */
  remixed?: boolean;
  imageSha256?: string;
  /** The prompts of describe and shorten. */
  texts?: string[];
  /** The file that describe looked at. */
  described?: File;
  bookmarked?: boolean;
}

/** The hash in a job's messages. */
export function hashOf({ id, shownAs }: Job): string {
  return shownAs ?? id;
}

/** Whether a job's result is one of the videos of a sheet. */
export function isPickedVideo({ kind }: Job): boolean {
  return kind === 'video_pick';
}

/** Whether the name of the result's file ends in the job's hash; of others only buttons and links name it. */
export function namesJobInFile({ kind }: Job): boolean {
  return kind !== 'pan' && kind !== 'zoom' && kind !== 'upscale';
}

/** Whether a job's prompt has a parameter. What is made of a picture repeats that picture's. */
export function hasParameter({ echoedPrompt }: Job, name: string): boolean {
  return echoedPrompt.split(' ').includes(`--${name}`);
}

export function isOpen(job: Job): boolean {
  return job.state === 'queued' || job.state === 'drawing';
}

/** All jobs, the oldest finished ones forgotten when there are too many. */
export class Jobs {
  readonly #jobs = new Map<string, Job>();
  readonly #capacity: number;

  constructor(capacity = 50_000) {
    this.#capacity = capacity;
  }

  put(job: Job): void {
    this.#jobs.set(job.id, job);
    if (this.#jobs.size <= this.#capacity) return;
    for (const oldest of this.#jobs.values()) {
      if (isOpen(oldest)) continue;
      this.#jobs.delete(oldest.id);
      return;
    }
  }

  get(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  all(): Iterable<Job> {
    return this.#jobs.values();
  }

  clear(): void {
    this.#jobs.clear();
  }
}
