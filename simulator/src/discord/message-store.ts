import type { Attachment, Message } from './model.ts';
import { compareSnowflakes } from './snowflake.ts';

export interface StoredAttachment {
  channelId: string;
  attachment: Attachment;
}

export interface Page {
  limit: number;
  before?: string;
  after?: string;
  around?: string;
}

/** The messages of all channels, the oldest dropped when there are too many. */
export class MessageStore {
  readonly #messages = new Map<string, Message>();
  readonly #idsOfChannel = new Map<string, string[]>();
  readonly #attachments = new Map<string, StoredAttachment>();
  readonly #perChannel: number;
  readonly #inAll: number;

  constructor({ perChannel = 10_000, inAll = 50_000 } = {}) {
    this.#perChannel = perChannel;
    this.#inAll = inAll;
  }

  /** Adds a message, or replaces it by its new version. */
  put(message: Message): void {
    const known = this.#messages.get(message.id);
    if (known) this.#forgetAttachments(known);
    this.#messages.set(message.id, message);
    for (const attachment of attachmentsOf(message)) {
      this.#attachments.set(attachment.id, { channelId: message.channelId, attachment });
    }
    if (known) return;
    const ids = this.#idsIn(message.channelId);
    ids.push(message.id);
    if (ids.length > this.#perChannel) this.remove(ids[0]);
    if (this.#messages.size > this.#inAll) this.remove(this.#messages.keys().next().value);
  }

  remove(messageId: string | undefined): void {
    const message = messageId === undefined ? undefined : this.#messages.get(messageId);
    if (!message) return;
    this.#messages.delete(message.id);
    this.#forgetAttachments(message);
    const ids = this.#idsIn(message.channelId);
    const at = ids[0] === message.id ? 0 : ids.lastIndexOf(message.id);
    if (at >= 0) ids.splice(at, 1);
  }

  get(channelId: string, messageId: string): Message | undefined {
    const message = this.#messages.get(messageId);
    return message?.channelId === channelId ? message : undefined;
  }

  attachment(attachmentId: string): StoredAttachment | undefined {
    return this.#attachments.get(attachmentId);
  }

  /** A page of the public messages of a channel, newest first. */
  page(channelId: string, { limit, before, after, around }: Page): Message[] {
    const ids = this.#idsIn(channelId);
    const visible = (from: number, step: 1 | -1, wanted: number) => {
      const found: Message[] = [];
      for (let at = from; at >= 0 && at < ids.length && found.length < wanted; at += step) {
        const message = this.#messages.get(ids[at] ?? '');
        if (message && !isPrivate(message)) found.push(message);
      }
      return found;
    };
    if (after !== undefined) return visible(firstNotBefore(ids, after, true), 1, limit).reverse();
    if (before !== undefined) return visible(firstNotBefore(ids, before, false) - 1, -1, limit);
    if (around !== undefined) {
      const middle = firstNotBefore(ids, around, false);
      const newer = visible(middle, 1, Math.ceil(limit / 2)).reverse();
      return [...newer, ...visible(middle - 1, -1, limit - newer.length)];
    }
    return visible(ids.length - 1, -1, limit);
  }

  lastId(channelId: string): string | undefined {
    return this.page(channelId, { limit: 1 })[0]?.id;
  }

  all(): Iterable<Message> {
    return this.#messages.values();
  }

  clear(): void {
    this.#messages.clear();
    this.#idsOfChannel.clear();
    this.#attachments.clear();
  }

  #idsIn(channelId: string): string[] {
    const known = this.#idsOfChannel.get(channelId);
    if (known) return known;
    const made: string[] = [];
    this.#idsOfChannel.set(channelId, made);
    return made;
  }

  #forgetAttachments(message: Message): void {
    for (const attachment of attachmentsOf(message)) this.#attachments.delete(attachment.id);
  }
}

export function isPrivate({ onlyFor, onlySession }: Message): boolean {
  return onlyFor !== undefined || onlySession !== undefined;
}

function attachmentsOf(message: Message): Attachment[] {
  const images = message.embeds.flatMap((embed) => (embed.image ? [embed.image] : []));
  return [...message.attachments, ...images];
}

/** The position in the sorted ids of the first that is not older than `id` (or, `past` it, newer). */
function firstNotBefore(ids: string[], id: string, past: boolean): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const order = compareSnowflakes(ids[middle] ?? '', id);
    if (order < 0 || (past && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}
