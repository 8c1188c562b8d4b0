import type { Account } from '../accounts.ts';
import type { ChannelFeed, FeedContext } from '../discord/channel-feed.ts';
import type { Gateway } from '../discord/gateway.ts';
import type { ButtonInteraction, CommandInteraction, Interaction } from '../discord/interaction.ts';
import { type Message, messageFlags, messageTypes } from '../discord/model.ts';
import type { Faults } from '../faults.ts';
import { cancelButton, markPressed } from './buttons.ts';
import { midjourneyBot } from './identity.ts';
import { contextOf, type JobMessages } from './job-messages.ts';
import { metadataOf } from './job-plan.ts';
import { waitingText } from './job-text.ts';
import type { Job } from './jobs.ts';
import { changedRefusal, isRefusal, nameOf, type Refusal, refusalMessage } from './refusals.ts';
import type { Studio } from './studio.ts';

/** How long Discord waits for an application. */
const answerWithinMs = 3_000;
/** How long the bot takes for a look-up. */
const deferredMs = 20;
/** How long a job that will be refused seems to wait for its start. */
const refusedAfterMs = 20;

/** The `reason_code` of an INTERACTION_FAILURE when the application did not answer in time. */
const timedOut = 2;

export interface AnswersOptions {
  feed: ChannelFeed;
  gateway: Gateway;
  studio: Studio;
  messages: JobMessages;
  faults: Faults;
}

/** The bot's answers to interactions: a message, a refusal, or something that only the user sees. */
export class Answers {
  readonly #options: AnswersOptions;

  constructor(options: AnswersOptions) {
    this.#options = options;
  }

  /** Announces to the user's own sessions that the bot answered. */
  acknowledge({ id, nonce, guildId, account }: Interaction): void {
    const userId = account.user.user.id;
    this.#options.gateway.publish({
      type: 'INTERACTION_SUCCESS',
      guildId,
      data: { id, nonce: nonce ?? null },
      onlyFor: userId,
      about: { accountUserId: userId },
    });
  }

  /** Discord notifies the user's own sessions when three seconds pass without an answer. */
  leaveUnanswered({ id, nonce, guildId, account }: Interaction): void {
    const userId = account.user.user.id;
    this.#options.studio.after(answerWithinMs, () =>
      this.#options.gateway.publish({
        type: 'INTERACTION_FAILURE',
        guildId,
        data: { id, nonce: nonce ?? null, reason_code: timedOut },
        onlyFor: userId,
        about: { accountUserId: userId },
      }),
    );
  }

  /** Posts a job's answer. */
  post(interaction: Interaction, job: Job, content: Partial<Message>): Message {
    const message = this.#options.feed.post(
      {
        channelId: interaction.channelId,
        guildId: interaction.guildId,
        author: midjourneyBot(interaction.applicationId),
        type: job.parentMessageId === undefined ? messageTypes.chatInputCommand : messageTypes.reply,
        content: '',
        interaction: job.interaction,
        jobId: job.id,
        replyTo: job.parentMessageId,
        ...content,
      },
      { ...contextOf(job), ...nonceOf(interaction) },
    );
    job.messageIds.push(message.id);
    return message;
  }

  /** Refuses a job, which ends it. */
  refuse(interaction: Interaction, job: Job, usual: Refusal): void {
    const refusal = this.#asWished(usual, job);
    this.acknowledge(interaction);
    if (refusal.as === 'private' || refusal.as === 'answer') {
      this.notify(interaction, job, refusal);
      this.end(job, 'refused', nameOf(refusal));
      return;
    }
    const first = this.#firstMessage(interaction, job, refusal);
    this.#options.studio.after(refusedAfterMs, () => {
      if (refusal.as === 'reply' && drawsPicture(job)) this.#options.messages.replyToProgress(job, refusal);
      else this.#editInto(first, interaction, job, refusal);
      this.end(job, 'refused', nameOf(refusal));
    });
  }

  /** Answers with a refusal or warning, which does not end the job. */
  notify(interaction: Interaction, job: Job, refusal: Refusal): void {
    this.post(interaction, job, {
      ...refusalMessage(refusal, footerOf(interaction, job)),
      onlyFor: refusal.as === 'private' ? job.accountUserId : undefined,
    });
  }

  /** The message that a refusal then replies to or replaces. */
  #firstMessage(interaction: Interaction, job: Job, refusal: Refusal): Message {
    const message = this.post(
      interaction,
      job,
      drawsPicture(job) && refusal.as !== 'deferred'
        ? { content: waitingText(job), components: cancelButton(job.id) }
        : { flags: messageFlags.loading },
    );
    job.progressMessageId = message.id;
    return message;
  }

  #editInto(first: Message, interaction: Interaction, job: Job, refusal: Refusal): void {
    const change = { components: [], ...refusalMessage(refusal, footerOf(interaction, job)), flags: 0 };
    this.#options.feed.edit(first, change, contextOf(job));
  }

  /** Tests can choose another form than the usual one. */
  #asWished(refusal: Refusal, job: Job): Refusal {
    const fault = this.#options.faults.strikeRefusal({
      prompt: job.prompt,
      content: `${refusal.title ?? ''}\n${refusal.description}`,
      jobKind: job.kind,
      accounts: [job.accountUserId],
    });
    return fault ? changedRefusal(refusal, fault.change) : refusal;
  }

  /** Answers with an empty, loading message at once and with the content `afterMs` later. */
  later(
    interaction: Interaction,
    job: Job,
    afterMs: number,
    content: () => Promise<Partial<Message> | Refusal>,
  ): void {
    const { studio, feed } = this.#options;
    job.state = 'drawing';
    job.startedAt = Date.now();
    this.acknowledge(interaction);
    const message = this.post(interaction, job, { flags: messageFlags.loading });
    job.finalMessageId = message.id;
    studio.save(job);
    studio.after(afterMs, async () => {
      const change = await content();
      if (isRefusal(change)) {
        this.#editInto(message, interaction, job, this.#asWished(change, job));
        this.end(job, 'refused', nameOf(change));
        return;
      }
      feed.edit(message, { ...change, flags: 0 }, contextOf(job));
      this.end(job, 'done');
    });
  }

  /** A private answer to a command that draws nothing: an empty, loading message, then its content. */
  privately(interaction: CommandInteraction, content: () => Partial<Message>): void {
    const { account, channelId, guildId, applicationId } = interaction;
    this.acknowledge(interaction);
    const message = this.#options.feed.post(
      {
        channelId,
        guildId,
        author: midjourneyBot(applicationId),
        type: messageTypes.chatInputCommand,
        content: '',
        flags: messageFlags.loading,
        interaction: metadataOf(interaction),
        onlyFor: account.user.user.id,
      },
      { ...aboutAccount(account), ...nonceOf(interaction) },
    );
    this.#options.studio.after(deferredMs, () =>
      this.#options.feed.edit(
        message,
        { ...content(), flags: messageFlags.ephemeral },
        aboutAccount(account),
      ),
    );
  }

  /** Changes the message whose button was pressed. */
  change(interaction: Interaction, message: Message, change: Partial<Message>): void {
    this.acknowledge(interaction);
    this.#options.feed.edit(message, change, aboutAccount(interaction.account));
  }

  /** Marks the pressed button in its message. */
  mark({ account, message, customId }: ButtonInteraction): void {
    const change = { components: markPressed(message.components, customId) };
    this.#options.feed.edit(message, change, aboutAccount(account));
  }

  end(job: Job, state: Job['state'], detail?: string): void {
    job.state = state;
    job.finishedAt = Date.now();
    job.detail = detail ?? job.detail;
    this.#options.studio.save(job);
  }
}

/** Public clients read the footer to know whose refusal it is. */
function footerOf(interaction: Interaction, job: Job): string | undefined {
  return interaction.type === 'command' ? `/${interaction.name} ${job.prompt}`.trim() : undefined;
}

function drawsPicture({ kind }: Job): boolean {
  return kind !== 'describe' && kind !== 'shorten' && kind !== 'show';
}

function nonceOf({ nonce, account }: Interaction): Pick<FeedContext, 'nonce'> {
  return nonce === undefined ? {} : { nonce: { userId: account.user.user.id, nonce } };
}

function aboutAccount(account: Account): FeedContext {
  return { about: { accountUserId: account.user.user.id } };
}
