import { createHash } from 'node:crypto';
import type { User } from './model.ts';

/** The direct messages of two users. */
export interface DirectChannel {
  id: string;
  between: readonly [string, string];
}

/** The channels of direct messages. A pair keeps its id after a restart, because its messages are kept. */
export class DirectChannels {
  readonly #channels = new Map<string, DirectChannel>();

  open(userId: string, recipientId: string): DirectChannel {
    const [first = userId, second = recipientId] = [userId, recipientId].sort();
    const digest = createHash('sha256').update(`${first} ${second}`).digest();
    const id = (digest.readBigUInt64BE() >> 3n).toString();
    const channel: DirectChannel = { id, between: [first, second] };
    this.#channels.set(id, channel);
    return channel;
  }

  get(id: string): DirectChannel | undefined {
    return this.#channels.get(id);
  }
}

export function directChannelObject(
  { id }: DirectChannel,
  recipient: User,
  lastMessageId: string | undefined,
) {
  return { id, type: 1, flags: 0, last_message_id: lastMessageId ?? null, recipients: [recipient] };
}
