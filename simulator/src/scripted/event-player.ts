import type { Account } from '../accounts.ts';
import type { ChannelFeed, FeedContext, MessageDraft } from '../discord/channel-feed.ts';
import { isRecord } from '../discord/form.ts';
import type { Gateway } from '../discord/gateway.ts';
import type { MessageStore } from '../discord/message-store.ts';
import { type Attachment, type Message, messageFlags, messageTypes } from '../discord/model.ts';
import type { NewSnowflake } from '../discord/snowflake.ts';
import type { Uploads } from '../discord/uploads.ts';
import { midjourneyBot, midjourneyBotId } from '../midjourney/identity.ts';
import { bytesForAttachment } from './attachment-bytes.ts';
import type { RawEvent } from './raw-event.ts';

export interface EventPlayerOptions {
  feed: ChannelFeed;
  gateway: Gateway;
  store: MessageStore;
  uploads: Uploads;
  newId: NewSnowflake;
}

/**
 * Plays events that tests wrote. Messages are kept like the bot's own: they are in the history, their buttons
 * can be pressed, and attachments without a url are served.
 */
export class EventPlayer {
  readonly #options: EventPlayerOptions;
  /** The interactions for which a form was opened. */
  readonly #formsOpened = new Set<string>();

  constructor(options: EventPlayerOptions) {
    this.#options = options;
  }

  /**
   * Plays one event in the channel of an account. `interactionId` is the interaction that it answers, if any.
   * @returns the id of the message or event.
   */
  async play(account: Account, event: RawEvent, interactionId?: string): Promise<string> {
    const known = this.#options.store.get(account.channelId, String(event.d.id));
    if (event.t === 'MESSAGE_CREATE') return this.#create(account, event, interactionId);
    if (event.t === 'MESSAGE_UPDATE' && known) return this.#update(account, event, known);
    if (event.t === 'MESSAGE_DELETE' && known) {
      this.#options.feed.remove(known, contextOf(account));
      return known.id;
    }
    return this.#publish(account, event, interactionId);
  }

  /** Whether a form was opened in answer to this interaction, so that it may be sent back. */
  hasOpenedForm(interactionId: string): boolean {
    return this.#formsOpened.has(interactionId);
  }

  async #create(account: Account, event: RawEvent, interactionId?: string): Promise<string> {
    const { feed, newId } = this.#options;
    const { nonce, ...d } = event.d;
    const user = account.user.user;
    const ephemeral = (Number(d.flags ?? 0) & messageFlags.ephemeral) !== 0;
    const message: MessageDraft = {
      id: typeof d.id === 'string' ? d.id : newId(),
      channelId: account.channelId,
      guildId: account.guildId,
      author: authorOf(d.author),
      type: messageTypes.default,
      content: typeof d.content === 'string' ? d.content : '',
      onlyFor: ephemeral ? user.id : undefined,
      onlySession: event.session,
      answers: interactionId ?? interactionIn(d),
      ...(await this.#shown(d)),
    };
    const withNonce = typeof nonce === 'string' ? { nonce: { userId: user.id, nonce } } : {};
    return feed.post(message, { ...contextOf(account), ...withNonce }).id;
  }

  async #update(account: Account, event: RawEvent, known: Message): Promise<string> {
    const shown = await this.#shown(event.d);
    const content = typeof event.d.content === 'string' ? event.d.content : known.content;
    const change = { content, ...shown, raw: { ...known.raw, ...shown.raw } };
    this.#options.feed.edit(known, change, contextOf(account));
    return known.id;
  }

  #publish(account: Account, event: RawEvent, interactionId?: string): string {
    const { gateway, newId } = this.#options;
    const isPrivate = event.t.startsWith('INTERACTION_');
    const id = typeof event.d.id === 'string' ? event.d.id : (interactionId ?? newId());
    if (event.t === 'INTERACTION_MODAL_CREATE') this.#formsOpened.add(id);
    gateway.publish({
      type: event.t,
      guildId: account.guildId,
      data: { ...event.d, id },
      onlyFor: isPrivate ? account.user.user.id : undefined,
      interactionId: interactionId ?? id,
      onlySession: event.session,
      ...contextOf(account),
    });
    return id;
  }

  /** The message's fields as written, but for the files that are served from here. */
  async #shown(d: Record<string, unknown>): Promise<Pick<Message, 'raw'> & Partial<Message>> {
    const { attachments, author: _, id: __, ...raw } = d;
    if (!Array.isArray(attachments)) return { raw };
    if (attachments.some((attachment) => isRecord(attachment) && typeof attachment.url === 'string')) {
      return { raw: { ...raw, attachments } };
    }
    return {
      raw,
      attachments: await Promise.all(attachments.filter(isRecord).map((file) => this.#attachment(file))),
    };
  }

  async #attachment(file: Record<string, unknown>): Promise<Attachment> {
    const filename = typeof file.filename === 'string' ? file.filename : 'picture.png';
    const upload = await this.#options.uploads.keep(filename, await bytesForAttachment(filename, file));
    const { sha256, size, contentType, width, height } = upload;
    const source = { kind: 'upload' as const, sha256 };
    const id = typeof file.id === 'string' ? file.id : this.#options.newId();
    return { id, filename, size, contentType, width, height, source };
  }
}

function authorOf(author: unknown): Message['author'] {
  const id = isRecord(author) && typeof author.id === 'string' ? author.id : midjourneyBotId;
  return { ...midjourneyBot(id), ...(isRecord(author) ? author : {}), id };
}

function interactionIn({ interaction_metadata }: Record<string, unknown>): string | undefined {
  return isRecord(interaction_metadata) && typeof interaction_metadata.id === 'string'
    ? interaction_metadata.id
    : undefined;
}

function contextOf(account: Account): FeedContext {
  return { about: { accountUserId: account.user.user.id } };
}
