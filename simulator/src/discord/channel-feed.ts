import type { Journal } from '../journal.ts';
import type { Gateway, GuildEvent } from './gateway.ts';
import { authorMember } from './guilds.ts';
import { type MessageView, messageObject, withoutContent } from './message-object.ts';
import type { MessageStore } from './message-store.ts';
import { type Message, MessageFlag } from './model.ts';
import type { NewSnowflake } from './snowflake.ts';

/** What a change of a message is about, for fault rules and for who sees the nonce. */
export interface FeedContext {
  about: GuildEvent['about'];
  nonce?: GuildEvent['nonce'];
}

export type MessageDraft = Pick<Message, 'channelId' | 'author' | 'type' | 'content'> & Partial<Message>;

export interface ChannelFeedOptions {
  store: MessageStore;
  gateway: Gateway;
  journal: () => Journal;
  view: MessageView;
  newId: NewSnowflake;
  now?: () => number;
}

/** Where messages are written, changed and deleted: in the store, the journal and every session. */
export class ChannelFeed {
  private readonly options: ChannelFeedOptions;
  private readonly now: () => number;

  constructor(options: ChannelFeedOptions) {
    this.options = options;
    this.now = options.now ?? Date.now;
  }

  post(draft: MessageDraft, context: FeedContext): Message {
    const ephemeral = draft.onlyFor === undefined ? 0 : MessageFlag.ephemeral;
    const message: Message = {
      id: this.options.newId(),
      createdAt: this.now(),
      editedAt: null,
      attachments: [],
      embeds: [],
      components: [],
      mentions: [],
      ...draft,
      flags: (draft.flags ?? 0) | ephemeral,
    };
    this.options.store.put(message);
    this.options.journal().append({ is: 'message', message });
    this.publish('MESSAGE_CREATE', message, context);
    return message;
  }

  /** `passing` marks a change that need not outlive a restart, such as a progress edit. */
  edit(message: Message, change: Partial<Message>, context: FeedContext, passing = false): Message {
    const raw = message.raw && without(message.raw, Object.keys(change));
    const edited = { ...message, editedAt: this.now(), raw, ...change };
    this.options.store.put(edited);
    if (!passing) this.options.journal().append({ is: 'message', message: edited });
    this.publish('MESSAGE_UPDATE', edited, { about: context.about });
    return edited;
  }

  remove(message: Message, { about }: FeedContext): void {
    this.options.store.remove(message.id);
    this.options.journal().append({ is: 'message_gone', messageId: message.id });
    this.options.gateway.publish({
      type: 'MESSAGE_DELETE',
      guildId: message.guildId,
      data: { id: message.id, channel_id: message.channelId, guild_id: message.guildId },
      about: { ...about, content: message.content },
      ...audienceOf(message),
    });
  }

  private publish(type: string, message: Message, { about, nonce }: FeedContext): void {
    const data = {
      ...messageObject(message, this.options.view),
      guild_id: message.guildId,
      channel_type: message.between ? 1 : 0,
      ...(message.between ? {} : { member: authorMember }),
    };
    this.options.gateway.publish({
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

/** Who hears of a message: everybody, or the session whose interaction an ephemeral one answers. */
function audienceOf({ between, onlyFor, onlySession, answers, interaction }: Message) {
  return { between, onlyFor, onlySession, interactionId: answers ?? interaction?.id };
}

function without(record: Record<string, unknown>, keys: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
