import { DiscordAPIError } from 'discord.js';
import type { APIMessage } from 'discord-api-types/v10';
import type { DiscordAccount } from '../discord-account.ts';
import { type DiscordMessage, readMessage } from '../message.ts';
import type { RestClients } from './rest-clients.ts';

export interface ChannelRequests {
  /** Messages of the channel after the given one, oldest first, at most 100. */
  historyAfter(messageId: string): Promise<{ messages: DiscordMessage[]; newestId: string | undefined }>;
  /** Id of the channel's newest message; undefined in an empty channel. */
  newestMessageId(): Promise<string | undefined>;
  /**
   * Reacts to a message of the channel as the user. Not repeated by itself.
   * @returns false when the message is gone. @throws {AccountRefused}
   */
  react(messageId: string, emoji: string): Promise<boolean>;
}

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const unknownMessage = 10_008;

export function createChannelRequests(
  { channelId }: DiscordAccount,
  { reading, sending, asReader, asUser, failureOf }: RestClients,
): ChannelRequests {
  async function page(query: Record<string, string>): Promise<APIMessage[]> {
    const request = { ...asReader, query: new URLSearchParams(query) };
    return (await reading.get(`/channels/${channelId}/messages`, request)) as APIMessage[];
  }

  return {
    async historyAfter(messageId) {
      const raw = await page({ limit: '100', after: messageId });
      // Discord lists the newest first.
      const messages = raw.map(readMessage).filter((message) => message !== undefined);
      return { messages: messages.reverse(), newestId: raw[0]?.id };
    },

    async newestMessageId() {
      const [newest] = await page({ limit: '1' });
      return newest?.id;
    },

    async react(messageId, emoji) {
      const path = `/channels/${channelId}/messages/${messageId}/reactions/${encodeURIComponent(emoji)}/@me`;
      const query = new URLSearchParams({ location: 'Message', type: '0' });
      try {
        await sending.put(path as `/${string}`, { ...asUser, query });
        return true;
      } catch (error) {
        if (error instanceof DiscordAPIError && error.code === unknownMessage) return false;
        throw failureOf(error);
      }
    },
  };
}
