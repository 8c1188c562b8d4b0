import { conditionOf } from '../accounts.ts';
import type { Interaction } from '../discord/interaction.ts';
import type { File } from '../discord/uploads.ts';
import type { Faults, JobFault } from '../faults.ts';
import type { Picture, Recipe } from '../pictures/pictures.ts';
import type { Answers } from './answers.ts';
import { drawGrid, quadrant, sidesFor } from './derive-picture.ts';
import { nijiBotId } from './identity.ts';
import { type JobPlan, newSeed, openJob, planFor, subjectOf, textOf } from './job-plan.ts';
import { isPickedVideo, type Job, type Jobs } from './jobs.ts';
import type { Modals } from './modals.ts';
import { type DefaultModels, isV8 } from './models.ts';
import { fateOf, objectionTo, privacyOf } from './moderation.ts';
import { type Prompt, type PromptOptions, parsePrompt } from './prompt.ts';
import { isRefusal, type Refusal, refusals } from './refusals.ts';
import type { Studio } from './studio.ts';

export interface SubmissionsOptions {
  jobs: Jobs;
  studio: Studio;
  models: DefaultModels;
  faults: Faults;
  imageSize: number;
  drawMs: number;
  /** Whether a link in a prompt leads to an image. */
  linkWorks: (url: string) => boolean;
  /** The file behind a link of Discord's, while the link is good. */
  fileBehind: (url: string) => File | undefined;
}

/** Decides whether a job starts or is refused: by prompt, the account's condition, faults, moderation and the queue. */
export class Submissions {
  readonly #options: SubmissionsOptions;
  readonly #answers: Answers;
  readonly #modals: Modals;

  constructor(options: SubmissionsOptions, answers: Answers, modals: Modals) {
    this.#options = options;
    this.#answers = answers;
    this.#modals = modals;
  }

  imagine(interaction: Interaction, raw: string, more: Partial<Job> = {}): void {
    this.drawText(interaction, { ...more, kind: 'imagine' }, raw, (prompt, seed) => {
      if (!prompt.video) return { picture: this.newGrid(prompt, seed) };
      const { motion, clips } = prompt.video;
      return {
        picture: this.#firstPicture(prompt, seed),
        detail: motion,
        video: { motion, clips, seconds: 5 },
      };
    });
  }

  /** Draws a prompt, or refuses an invalid one. */
  drawText(
    interaction: Interaction,
    more: Partial<Job> & Pick<Job, 'kind'>,
    raw: string,
    drawing: (prompt: Prompt, seed: number) => Partial<Job>,
    options: Pick<PromptOptions, 'allowZoom' | 'animates'> = {},
  ): void {
    const prompt = this.readPrompt(interaction, raw, options);
    const plan = { ...planFor(more.kind, raw, prompt), ...more };
    if (isRefusal(prompt)) {
      this.#answers.refuse(interaction, openJob(interaction, plan), prompt);
      return;
    }
    const seed = prompt.seed ?? newSeed();
    this.draw(interaction, { ...plan, seed, ...drawing(prompt, seed) });
  }

  draw(interaction: Interaction, plan: JobPlan): void {
    const job = openJob(interaction, plan);
    if (job.speed === 'turbo' && job.video && !isPickedVideo(job)) {
      this.#answers.refuse(interaction, job, refusals.turboVideo());
      return;
    }
    if (job.speed === 'turbo' && isV8(job.version)) job.speed = 'fast';
    if (!this.mayBegin(interaction, job)) return;
    const admission = this.#options.studio.submit(job, interaction.account, () => {
      this.#answers.acknowledge(interaction);
      this.#answers.notify(interaction, job, refusals.jobQueued());
    });
    if (admission === 'full') this.#answers.refuse(interaction, job, refusals.queueFull());
    if (admission === 'drawing') this.#answers.acknowledge(interaction);
  }

  /** Whether the account, the faults asked for and the moderation let a job begin; if not, it has ended here. */
  mayBegin(interaction: Interaction, job: Job): boolean {
    if (!this.mayAct(interaction, job)) return false;
    const fault = this.#options.faults.strikeJob({
      prompt: job.prompt,
      jobKind: job.kind,
      accounts: [job.accountUserId],
    });
    const objection = job.appealed ? undefined : objectionTo(job.prompt);
    const refusal = fault?.kind === 'refuse' ? fault.refusal : objection;
    if (refusal) {
      this.#answers.refuse(interaction, job, refusal);
      return false;
    }
    job.fate = fateOf(job.prompt);
    job.privateFrom = privacyOf(job.prompt);
    if (fault) applyFault(job, fault);
    if (job.fate !== 'never_start') return true;
    this.#answers.leaveUnanswered(interaction);
    this.#answers.end(job, 'never_started');
    return false;
  }

  /** Whether the account is free of checks and restrictions; if not, the job has ended here. */
  mayAct(interaction: Interaction, job: Job): boolean {
    const condition = conditionOf(interaction.account);
    switch (condition.kind) {
      case 'ready':
        return true;
      case 'human_check':
        this.#modals.openHumanCheck(interaction.account, interaction);
        this.#answers.end(job, 'never_started', 'human check');
        return false;
      case 'refused':
        this.#answers.refuse(interaction, job, condition.refusal);
        return false;
    }
  }

  /** A prompt read and its links looked up. */
  readPrompt(
    interaction: Interaction,
    raw: string,
    options: Pick<PromptOptions, 'allowZoom' | 'animates'> = {},
  ): Prompt | Refusal {
    const prompt = parsePrompt(raw, { ...this.readingFor(interaction, raw), ...options });
    if (isRefusal(prompt)) return prompt;
    const links = [...prompt.links, ...prompt.references];
    const broken = links.find((link) => !this.#options.linkWorks(link));
    return broken === undefined ? prompt : refusals.invalidLink(broken);
  }

  /** What a prompt is read with for this user. */
  readingFor({ applicationId, account }: Interaction, raw: string): PromptOptions {
    const { faults, models, fileBehind } = this.#options;
    return {
      defaultVersion: applicationId === nijiBotId ? models.niji : (account.version ?? models.midjourney),
      preferred: account,
      drawnBy: faults.strikePrompt({ prompt: raw, accounts: [account.user.user.id] })?.version,
      sizeOf: (link) => {
        const { width, height } = fileBehind(link) ?? {};
        return width && height ? { width, height } : undefined;
      },
    };
  }

  newGrid(prompt: Prompt, seed: number): Picture {
    // Edited, a picture still shows what was drawn in it.
    const edited = prompt.edits.flatMap((link) => this.#jobBehind(link) ?? []);
    const subjects = [subjectOf(prompt), ...edited.map(({ echoedPrompt }) => textOf(echoedPrompt))];
    return drawGrid(subjects.join(', '), seed, this.sidesOf(prompt));
  }

  /** The first frame of a video. Nothing is downloaded: a picture from elsewhere is replaced by one of the prompt. */
  #firstPicture(prompt: Prompt, seed: number): Recipe {
    const [link = ''] = prompt.links;
    return quadrant(this.#jobBehind(link)?.picture ?? this.newGrid(prompt, seed), 1);
  }

  /** The job whose picture is behind a link. */
  #jobBehind(link: string): Job | undefined {
    const source = this.#options.fileBehind(link)?.source;
    return source?.kind === 'result' ? this.#options.jobs.get(source.jobId) : undefined;
  }

  /** The sides of a picture in pixels: those of `--hd` are twice as long. */
  sidesOf({ aspect, hd }: Prompt): { width: number; height: number } {
    return sidesFor(aspect, hd ? 2 * this.#options.imageSize : this.#options.imageSize);
  }

  /** How long answers in text take: as long as a pick. */
  quickly(job: Pick<Job, 'drawMs'>): number {
    return (job.drawMs ?? this.#options.drawMs) / 6;
  }
}

function applyFault(job: Job, fault: JobFault): void {
  switch (fault.kind) {
    case 'slow':
      job.drawMs = fault.drawMs;
      return;
    case 'private':
      job.privateFrom = fault.from;
      return;
    case 'final_edit':
      job.finalEdits = true;
      return;
    case 'refuse':
      return;
    default:
      job.fate = fault.kind;
  }
}
