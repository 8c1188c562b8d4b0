import type { ButtonInteraction, CommandInteraction, Interaction } from '../discord/interaction.ts';
import type { AttachmentSource } from '../discord/model.ts';
import type { NewSnowflake } from '../discord/snowflake.ts';
import { type File, fileOf } from '../discord/uploads.ts';
import type { Answers } from './answers.ts';
import { resultButtons } from './buttons.ts';
import { isDrawn } from './derivations.ts';
import type { JobMessages } from './job-messages.ts';
import { openJob, planFor } from './job-plan.ts';
import { finalText } from './job-text.ts';
import type { Jobs } from './jobs.ts';
import { isRefusal, type Refusal, refusals } from './refusals.ts';
import type { Submissions } from './submissions.ts';
import { descriptionAnswer, shorteningAnswer } from './text-answers.ts';

export interface TextCommandsOptions {
  jobs: Jobs;
  messages: JobMessages;
  newId: NewSnowflake;
  /** The file behind a link of Discord's, while the link is good. */
  fileBehind: (url: string) => File | undefined;
  bytesOf: (source: AttachmentSource) => Promise<Buffer | undefined>;
}

/** The commands that draw nothing new: describe, shorten, show. */
export class TextCommands {
  readonly #options: TextCommandsOptions;
  readonly #answers: Answers;
  readonly #submissions: Submissions;

  constructor(options: TextCommandsOptions, answers: Answers, submissions: Submissions) {
    this.#options = options;
    this.#answers = answers;
    this.#submissions = submissions;
  }

  /** `/describe` with a file, or with the link of one. */
  describeGiven(interaction: CommandInteraction): void {
    const image = interaction.options.get('image');
    const link = textOption(interaction, 'link').trim();
    const file = typeof image === 'object' ? fileOf(image) : this.#options.fileBehind(link);
    this.#describe(interaction, file, link === '' ? refusals.imageDenied() : refusals.invalidLink(link));
  }

  /** The same file once more. */
  describeAgain(interaction: ButtonInteraction, described: File | undefined): void {
    this.#describe(interaction, described, refusals.jobUnknown());
  }

  #describe(interaction: Interaction, described: File | undefined, without: Refusal): void {
    const job = openJob(interaction, {
      kind: 'describe',
      prompt: '',
      echoedPrompt: '',
      version: '',
      described,
      parentJobId: interaction.type === 'button' ? interaction.message.jobId : undefined,
    });
    if (!described) {
      this.#answers.refuse(interaction, job, without);
      return;
    }
    if (!this.#submissions.mayBegin(interaction, job)) return;
    const { bytesOf, newId } = this.#options;
    this.#answers.later(interaction, job, this.#submissions.quickly(job), () =>
      descriptionAnswer(job, described, bytesOf, newId),
    );
  }

  shorten(interaction: Interaction, raw: string): void {
    const prompt = this.#submissions.readPrompt(interaction, raw);
    const job = openJob(interaction, planFor('shorten', raw, prompt));
    if (isRefusal(prompt)) {
      this.#answers.refuse(interaction, job, prompt);
      return;
    }
    if (!this.#submissions.mayBegin(interaction, job)) return;
    this.#answers.later(interaction, job, this.#submissions.quickly(job), async () =>
      shorteningAnswer(job, prompt),
    );
  }

  async show(interaction: CommandInteraction, jobId: string): Promise<void> {
    const { jobs, messages } = this.#options;
    const shown = jobs.get(jobId);
    const job = openJob(interaction, {
      kind: 'show',
      prompt: jobId,
      echoedPrompt: shown?.echoedPrompt ?? jobId,
      version: shown?.version ?? '',
      parentJobId: shown?.id,
    });
    if (!isDrawn(shown)) {
      this.#answers.refuse(interaction, job, refusals.showUnknown(jobId));
      return;
    }
    if (!this.#submissions.mayBegin(interaction, job)) return;
    const attachment = await messages.resultAttachment(shown, interaction.account.user.user.username);
    this.#answers.acknowledge(interaction);
    const message = this.#answers.post(interaction, job, {
      content: finalText(shown),
      attachments: [attachment],
      components: resultButtons(shown),
      jobId: shown.id,
    });
    job.finalMessageId = message.id;
    this.#answers.end(job, 'done');
  }
}

/** An option in words; empty when it was left out. */
export function textOption(interaction: CommandInteraction, name: string): string {
  const value = interaction.options.get(name);
  return typeof value === 'string' ? value : '';
}
