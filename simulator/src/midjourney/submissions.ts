import type { Interaction } from '../discord/interaction.ts';
import type { Faults, JobFault } from '../faults.ts';
import type { Picture } from '../pictures/pictures.ts';
import type { Answers } from './answers.ts';
import { drawGrid, sidesFor } from './derive-picture.ts';
import { defaultVersionFor, type JobPlan, newSeed, openJob, planFor, subjectOf } from './job-plan.ts';
import type { Job, Jobs } from './jobs.ts';
import type { Modals } from './modals.ts';
import { fateOf, objectionTo, privacyOf } from './moderation.ts';
import { type Prompt, parsePrompt } from './prompt.ts';
import { isRefusal, type Refusal, refusals } from './refusals.ts';
import type { Studio } from './studio.ts';

export interface SubmissionsOptions {
  jobs: Jobs;
  studio: Studio;
  faults: Faults;
  imageSize: number;
  drawMs: number;
  /** Whether a link in a prompt leads to an image. */
  linkWorks: (url: string) => boolean;
}

/** What lets a job begin or refuses it: its prompt, the account's condition, faults, moderation and the queue. */
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
    this.drawText(interaction, { ...more, kind: 'imagine' }, raw, (prompt, seed) => ({
      picture: this.newGrid(prompt, seed),
    }));
  }

  /** Draws by a prompt, or refuses what cannot be read. */
  drawText(
    interaction: Interaction,
    more: Partial<Job> & Pick<Job, 'kind'>,
    raw: string,
    drawing: (prompt: Prompt, seed: number) => Partial<Job>,
    { allowZoom = false } = {},
  ): void {
    const prompt = this.readPrompt(interaction, raw, allowZoom);
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
    const { condition } = interaction.account;
    if (condition.kind === 'human_check') {
      this.#modals.openHumanCheck(interaction.account, interaction);
      this.#answers.end(job, 'never_started', 'human check');
      return false;
    }
    const fault =
      condition.kind === 'ready'
        ? this.#options.faults.strikeJob({
            prompt: job.prompt,
            jobKind: job.kind,
            accounts: [job.accountUserId],
          })
        : undefined;
    const refusal =
      condition.kind === 'refused'
        ? condition.refusal
        : fault?.kind === 'refuse'
          ? fault.refusal
          : job.appealed
            ? undefined
            : objectionTo(job.prompt);
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

  /** A prompt read and its links looked up. */
  readPrompt(interaction: Interaction, raw: string, allowZoom = false): Prompt | Refusal {
    const prompt = parsePrompt(raw, { allowZoom, defaultVersion: defaultVersionFor(interaction) });
    if (isRefusal(prompt)) return prompt;
    const broken = prompt.links.find((link) => !this.#options.linkWorks(link));
    return broken === undefined ? prompt : refusals.invalidLink(broken);
  }

  newGrid(prompt: Prompt, seed: number): Picture {
    return drawGrid(subjectOf(prompt), seed, sidesFor(prompt.aspect, this.#options.imageSize));
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
