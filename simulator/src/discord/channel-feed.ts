import type { Journal } from '../journal.ts';
import type { DirectChannels } from './direct-channels.ts';
import type { Gateway } from './gateway.ts';
import type { GuildEvent } from './guild-event.ts';
import { authorMember } from './guilds.ts';
import type { Interactions } from './interactions.ts';
import { type MessageView, messageObject, withoutContent } from './message-object.ts';
import type { MessageStore } from './message-store.ts';
import { type Message, messageFlags } from './model.ts';
import type { NewSnowflake } from './snowflake.ts';

/** The context of a change of a message: fault rules match it, and only the sender sees the nonce. */
export interface FeedContext {
  about: GuildEvent['about'];
  nonce?: GuildEvent['nonce'];
}

export type MessageDraft = Pick<Message, 'channelId' | 'author' | 'type' | 'content'> & Partial<Message>;

/** An `ephemerality_reason`: https://docs.discord.food/resources/message */
const slowMode = 4;

export interface ChannelFeedOptions {
  store: MessageStore;
  gateway: Gateway;
  journal: Pick<Journal, 'append'>;
  view: MessageView;
  interactions: Interactions;
  directChannels: DirectChannels;
  newId: NewSnowflake;
  now?: () => number;
}

/** Creates, changes and deletes messages: in the store, in the journal and for every session. */
export class ChannelFeed {
  readonly #options: ChannelFeedOptions;
  readonly #now: () => number;

  constructor(options: ChannelFeedOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  post(draft: MessageDraft, context: FeedContext): Message {
    const onlyFor = draft.onlyFor ?? this.#slowedUser(draft);
    const ephemeral = onlyFor === undefined ? 0 : messageFlags.ephemeral;
    const message: Message = {
      id: this.#options.newId(),
      createdAt: this.#now(),
      editedAt: null,
      attachments: [],
      embeds: [],
      components: [],
      mentions: [],
      between: this.#options.directChannels.get(draft.channelId)?.between,
      ...draft,
      onlyFor,
      ephemeralityReason: onlyFor === draft.onlyFor ? undefined : slowMode,
      flags: (draft.flags ?? 0) | ephemeral,
    };
    this.#options.store.put(message);
    this.#options.journal.append({ is: 'message', message });
    this.#publish('MESSAGE_CREATE', message, context);
    return message;
  }

  /** `passing` marks a change that need not outlive a restart, such as a progress edit. */
  edit(message: Message, change: Partial<Message>, context: FeedContext, passing = false): Message {
    const raw = message.raw && without(message.raw, Object.keys(change));
    const edited = { ...message, editedAt: this.#now(), raw, ...change };
    this.#options.store.put(edited);
    if (!passing) this.#options.journal.append({ is: 'message', message: edited });
    this.#publish('MESSAGE_UPDATE', edited, { about: context.about });
    return edited;
  }

  remove(message: Message, { about }: FeedContext): void {
    this.#options.store.remove(message.id);
    this.#options.journal.append({ is: 'message_gone', messageId: message.id });
    this.#options.gateway.publish({
      type: 'MESSAGE_DELETE',
      guildId: message.guildId,
      data: { id: message.id, channel_id: message.channelId, guild_id: message.guildId },
      about: { ...about, content: message.content },
      ...audienceOf(message),
    });
  }

  /** Adds or removes somebody's reaction; `shown` is the emoji as events show it. */
  react(
    message: Message,
    { userId, emoji, shown, added }: { userId: string; emoji: string; shown: object; added: boolean },
  ): void {
    const { reactions = [] } = message;
    const userIds = reactions.find((reaction) => reaction.emoji === emoji)?.userIds ?? [];
    if (userIds.includes(userId) === added) return;
    const left = added ? [...userIds, userId] : userIds.filter((id) => id !== userId);
    const others = reactions.filter((reaction) => reaction.emoji !== emoji);
    const reacted = {
      ...message,
      reactions: left.length === 0 ? others : [...others, { emoji, userIds: left }],
    };
    this.#options.store.put(reacted);
    this.#options.journal.append({ is: 'message', message: reacted });
    this.#options.gateway.publish({
      type: added ? 'MESSAGE_REACTION_ADD' : 'MESSAGE_REACTION_REMOVE',
      guildId: message.guildId,
      data: {
        user_id: userId,
        channel_id: message.channelId,
        message_id: message.id,
        guild_id: message.guildId,
        emoji: shown,
        burst: false,
        type: 0,
        ...(added ? { message_author_id: message.author.id } : {}),
      },
      about: {},
      ...audienceOf(message),
    });
  }

  /** In slow mode, the answer to an interaction that came too early is visible to its user only. */
  #slowedUser({ answers, interaction }: MessageDraft): string | undefined {
    const slowed = this.#options.interactions.get(answers ?? interaction?.id)?.slowed === true;
    return slowed ? interaction?.user.id : undefined;
  }

  #publish(type: string, message: Message, { about, nonce }: FeedContext): void {
    const data = {
      ...messageObject(message, this.#options.view),
      guild_id: message.guildId,
      channel_type: message.between ? 1 : 0,
      ...(message.between ? {} : { member: authorMember }),
    };
    this.#options.gateway.publish({
      type,
      guildId: message.guildId,
      data,
      dataWithoutContent: () => withoutContent(data),
      about: { ...about, content: message.content },
      nonce,
      ...audienceOf(message),
    });
  }
}

/** The recipients of a message: everybody, or for an ephemeral message the session whose interaction it answers. */
function audienceOf({ between, onlyFor, onlySession, answers, interaction }: Message) {
  return { between, onlyFor, onlySession, interactionId: answers ?? interaction?.id };
}

function without(record: Record<string, unknown>, keys: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
