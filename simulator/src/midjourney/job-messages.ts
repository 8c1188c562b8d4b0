import type { Account } from '../accounts.ts';
import type { ChannelFeed, FeedContext } from '../discord/channel-feed.ts';
import { type Attachment, type Message, messageTypes } from '../discord/model.ts';
import type { NewSnowflake } from '../discord/snowflake.ts';
import { cancelButton, resultButtons } from './buttons.ts';
import { midjourneyBot } from './identity.ts';
import { fileName, finalText, progressText, stoppedText, waitingText } from './job-text.ts';
import { isPickedVideo, type Job } from './jobs.ts';
import { type Refusal, refusalMessage } from './refusals.ts';
import {
  estimatedFacts,
  previewForm,
  previewNames,
  previewSize,
  type Renderings,
  resultFacts,
  resultForm,
} from './renderings.ts';

export interface JobMessagesOptions {
  feed: ChannelFeed;
  renderings: Renderings;
  newId: NewSnowflake;
  /** Draw a picture only when it is downloaded; until then its size is an estimate. For load tests. */
  lazyPictures: boolean;
  find: (channelId: string, messageId: string) => Message | undefined;
}

/** The context of everything that is posted for a job. */
export function contextOf(job: Job): FeedContext {
  return { about: { accountUserId: job.accountUserId, prompt: job.prompt, jobKind: job.kind } };
}

/** The messages of a drawing, from the first to its result. */
export class JobMessages {
  readonly #options: JobMessagesOptions;

  constructor(options: JobMessagesOptions) {
    this.#options = options;
  }

  /** The first message: accepted, not begun. `answered` when another message was the interaction's answer. */
  postWaiting(job: Job, account: Account, answered: boolean): void {
    // A picked video is finished at once.
    if (isPickedVideo(job)) return;
    const message = this.#options.feed.post(
      {
        channelId: job.channelId,
        guildId: job.guildId,
        author: midjourneyBot(job.applicationId),
        type: job.parentMessageId === undefined ? messageTypes.chatInputCommand : messageTypes.reply,
        content: waitingText(job),
        components: cancelButton(job.id),
        mentions: [account.user.user],
        interaction: job.interaction,
        jobId: job.id,
        replyTo: job.parentMessageId,
        onlyFor: job.privateFrom === 'start' ? job.accountUserId : undefined,
      },
      {
        ...contextOf(job),
        // The message that says "queued" was the interaction's answer and had its nonce.
        ...(answered || job.nonce === undefined
          ? {}
          : { nonce: { userId: job.accountUserId, nonce: job.nonce } }),
      },
    );
    job.messageIds.push(message.id);
    job.progressMessageId = message.id;
  }

  showProgress(job: Job, percent: number): void {
    const message = this.progressOf(job);
    if (!message) return;
    const attachments = previewNames(job, percent).map((filename) => ({
      id: this.#options.newId(),
      filename,
      // Previews are drawn only on request, so their size is an estimate.
      size: 12_000,
      contentType: previewForm(job).contentType,
      ...previewSize(job),
      source: { kind: 'preview' as const, jobId: job.id, progress: percent },
    }));
    const change = { content: progressText(job, percent), attachments };
    this.#options.feed.edit(message, change, contextOf(job), true);
  }

  showStopped(job: Job): void {
    const change = { content: stoppedText(job), attachments: [], components: [] };
    const message = this.progressOf(job);
    if (message) this.#options.feed.edit(message, change, contextOf(job));
  }

  removeProgress(job: Job): void {
    const message = this.progressOf(job);
    if (message) this.#options.feed.remove(message, contextOf(job));
  }

  /** Shows a job's result and removes its progress message, or edits that into the result. */
  showResult(job: Job, account: Account, attachment: Attachment): void {
    const result = {
      content: finalText(job),
      attachments: [attachment],
      components: resultButtons(job),
    };
    const progress = this.progressOf(job);
    if (progress && job.finalEdits) {
      job.finalMessageId = progress.id;
      this.#options.feed.edit(progress, result, contextOf(job));
      return;
    }
    this.#postResult(job, account, result);
    this.removeProgress(job);
  }

  /** Refuses in a reply to the progress message: nothing but the reference says what it is about. */
  replyToProgress(job: Job, refusal: Refusal): void {
    const message = this.#options.feed.post(
      {
        channelId: job.channelId,
        guildId: job.guildId,
        author: midjourneyBot(job.applicationId),
        type: messageTypes.reply,
        content: '',
        jobId: job.id,
        replyTo: job.progressMessageId ?? job.parentMessageId,
        ...refusalMessage(refusal),
      },
      contextOf(job),
    );
    job.messageIds.push(message.id);
  }

  /** A new attachment that shows a job's result. */
  async resultAttachment(job: Job, userName: string): Promise<Attachment> {
    const { renderings, lazyPictures, newId } = this.#options;
    const { extension, contentType } = resultForm(job);
    const facts = lazyPictures ? estimatedFacts(job) : resultFacts(job, await renderings.result(job));
    return {
      id: newId(),
      filename: fileName(job, userName, extension),
      contentType,
      ...(await facts),
      source: { kind: 'result', jobId: job.id },
    };
  }

  progressOf(job: Job): Message | undefined {
    return job.progressMessageId === undefined
      ? undefined
      : this.#options.find(job.channelId, job.progressMessageId);
  }

  #postResult(job: Job, account: Account, result: Partial<Message> & { content: string }): void {
    // The video of a prompt replies to its own progress message.
    const replyTo = job.parentMessageId ?? (job.video ? job.progressMessageId : undefined);
    const message = this.#options.feed.post(
      {
        channelId: job.channelId,
        guildId: job.guildId,
        author: midjourneyBot(job.applicationId),
        type: replyTo === undefined ? messageTypes.default : messageTypes.reply,
        mentions: [account.user.user],
        jobId: job.id,
        replyTo,
        ...(job.privateFrom === undefined ? {} : this.#privately(job)),
        ...result,
      },
      contextOf(job),
    );
    job.messageIds.push(message.id);
    job.finalMessageId = message.id;
  }

  /** A private picture replies to the progress message, which is gone: "Original message was deleted". */
  #privately(job: Job): Partial<Message> {
    return {
      type: messageTypes.reply,
      replyTo: job.progressMessageId,
      onlyFor: job.accountUserId,
      answers: job.interaction.id,
    };
  }
}
