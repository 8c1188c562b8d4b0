import type { Account } from '../accounts.ts';
import type { ChannelFeed, FeedContext } from '../discord/channel-feed.ts';
import type { Gateway } from '../discord/gateway.ts';
import type { ButtonInteraction, CommandInteraction, Interaction } from '../discord/interaction.ts';
import { type Message, MessageFlag, MessageType } from '../discord/model.ts';
import { markPressed } from './buttons.ts';
import { midjourneyBot } from './identity.ts';
import { metadataOf } from './job-plan.ts';
import type { Job } from './jobs.ts';
import type { Refusal } from './refusals.ts';
import type { Studio } from './studio.ts';

/** Discord waits so long for an application. */
const ANSWER_WITHIN_MS = 3_000;
/** How long the bot looks something up that it was asked for. */
const DEFERRED_MS = 20;

/** The `reason_code` of an INTERACTION_FAILURE when the application did not answer in time. */
const TIMED_OUT = 2;

export interface AnswersOptions {
  feed: ChannelFeed;
  gateway: Gateway;
  studio: Studio;
}

/** How the bot answers interactions: with a message, a refusal, or something the user alone sees. */
export class Answers {
  private readonly options: AnswersOptions;

  constructor(options: AnswersOptions) {
    this.options = options;
  }

  /** Tells the user's own sessions that the bot answered. */
  acknowledge({ id, nonce, guildId, account }: Interaction): void {
    const userId = account.user.user.id;
    this.options.gateway.publish({
      type: 'INTERACTION_SUCCESS',
      guildId,
      data: { id, nonce: nonce ?? null },
      onlyFor: userId,
      about: { accountUserId: userId },
    });
  }

  /** Discord tells the user's own sessions when three seconds pass without an answer. */
  leaveUnanswered({ id, nonce, guildId, account }: Interaction): void {
    const userId = account.user.user.id;
    this.options.studio.after(ANSWER_WITHIN_MS, () =>
      this.options.gateway.publish({
        type: 'INTERACTION_FAILURE',
        guildId,
        data: { id, nonce: nonce ?? null, reason_code: TIMED_OUT },
        onlyFor: userId,
        about: { accountUserId: userId },
      }),
    );
  }

  /** Posts a job's answer. */
  post(interaction: Interaction, job: Job, content: Partial<Message>): Message {
    const message = this.options.feed.post(
      {
        channelId: interaction.channelId,
        guildId: interaction.guildId,
        author: midjourneyBot(interaction.applicationId),
        type: job.parentMessageId === undefined ? MessageType.chatInputCommand : MessageType.reply,
        content: '',
        interaction: job.interaction,
        jobId: job.id,
        replyTo: job.parentMessageId,
        ...content,
      },
      { ...this.options.studio.contextOf(job), ...nonceOf(interaction) },
    );
    job.messageIds.push(message.id);
    return message;
  }

  /** Refuses a job, which ends with that. */
  refuse(interaction: Interaction, job: Job, refusal: Refusal): void {
    this.acknowledge(interaction);
    this.tell(interaction, job, refusal);
    this.end(job, 'refused', refusal.title);
  }

  /** Posts a refusal or warning without ending the job. */
  tell(interaction: Interaction, job: Job, refusal: Refusal): void {
    this.post(interaction, job, {
      embeds: [refusalEmbed(refusal, interaction, job)],
      onlyFor: refusal.ephemeral ? job.accountUserId : undefined,
    });
  }

  /** Answers with an empty, loading message at once and with the content `afterMs` later. */
  later(
    interaction: Interaction,
    job: Job,
    afterMs: number,
    content: () => Promise<Partial<Message> | Refusal>,
  ): void {
    const { studio, feed } = this.options;
    job.state = 'drawing';
    job.startedAt = Date.now();
    this.acknowledge(interaction);
    const message = this.post(interaction, job, { flags: MessageFlag.loading });
    job.finalMessageId = message.id;
    studio.save(job);
    studio.after(afterMs, async () => {
      const change = await content();
      const refused = 'title' in change;
      const shown = refused ? { embeds: [refusalEmbed(change, interaction, job)] } : change;
      feed.edit(message, { ...shown, flags: 0 }, studio.contextOf(job));
      this.end(job, refused ? 'refused' : 'done', refused ? change.title : undefined);
    });
  }

  /** A private answer to a command that draws nothing: an empty, loading message, then its content. */
  privately(interaction: CommandInteraction, content: () => Partial<Message>): void {
    const { account, channelId, guildId, applicationId } = interaction;
    this.acknowledge(interaction);
    const message = this.options.feed.post(
      {
        channelId,
        guildId,
        author: midjourneyBot(applicationId),
        type: MessageType.chatInputCommand,
        content: '',
        flags: MessageFlag.loading,
        interaction: metadataOf(interaction),
        onlyFor: account.user.user.id,
      },
      { ...aboutAccount(account), ...nonceOf(interaction) },
    );
    this.options.studio.after(DEFERRED_MS, () =>
      this.options.feed.edit(message, { ...content(), flags: MessageFlag.ephemeral }, aboutAccount(account)),
    );
  }

  /** Changes the message whose button was pressed. */
  change(interaction: Interaction, message: Message, change: Partial<Message>): void {
    this.acknowledge(interaction);
    this.options.feed.edit(message, change, aboutAccount(interaction.account));
  }

  /** Marks the pressed button in its message. */
  mark({ account, message, customId }: ButtonInteraction): void {
    const change = { components: markPressed(message.components, customId) };
    this.options.feed.edit(message, change, aboutAccount(account));
  }

  end(job: Job, state: Job['state'], detail?: string): void {
    job.state = state;
    job.finishedAt = Date.now();
    job.detail = detail ?? job.detail;
    this.options.studio.save(job);
  }
}

/** Public clients read the footer to know whose refusal it is. */
function refusalEmbed({ title, description, color }: Refusal, interaction: Interaction, job: Job) {
  const embed = { title, description, color };
  if (interaction.type !== 'command') return embed;
  return { ...embed, footer: { text: `/${interaction.name} ${job.prompt}`.trim() } };
}

function nonceOf({ nonce, account }: Interaction): Pick<FeedContext, 'nonce'> {
  return nonce === undefined ? {} : { nonce: { userId: account.user.user.id, nonce } };
}

function aboutAccount(account: Account): FeedContext {
  return { about: { accountUserId: account.user.user.id } };
}
