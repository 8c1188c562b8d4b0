import type { APIMessage, GatewayMessageUpdateDispatchData } from 'discord-api-types/v10';

/**
 * A message as this program reads it, from the gateway or from the channel's history.
 * https://discord.com/developers/docs/resources/message#message-object
 */
export interface DiscordMessage {
  id: string;
  channelId: string;
  authorId: string;
  content: string;
  flags: number;
  attachments: APIMessage['attachments'];
  embeds: APIMessage['embeds'];
  components: APIMessage['components'];
  /** Seen by the session of the user that sent the interaction only. */
  nonce: string | null;
  /** The message that this one replies to: for a button's result, the one whose button was pressed. */
  referencedMessageId: string | null;
  /**
   * Of the interaction that this message answers: the command's name or the message whose button was pressed,
   * and the user.
   */
  interaction: {
    id: string;
    messageId: string | null;
    command: string | null;
    userId: string | null;
  } | null;
}

/** @returns undefined for an update that carries only a part of the message, as those that add link previews do. */
export function readMessage(raw: APIMessage | GatewayMessageUpdateDispatchData): DiscordMessage | undefined {
  if (!raw.author || raw.content === undefined) return undefined;
  const metadata = raw.interaction_metadata;
  return {
    id: raw.id,
    channelId: raw.channel_id,
    authorId: raw.author.id,
    content: raw.content,
    flags: raw.flags ?? 0,
    attachments: raw.attachments ?? [],
    embeds: raw.embeds ?? [],
    components: raw.components ?? [],
    nonce: raw.nonce === undefined ? null : String(raw.nonce),
    referencedMessageId: raw.message_reference?.message_id ?? null,
    interaction: metadata
      ? {
          id: metadata.id,
          messageId: 'interacted_message_id' in metadata ? metadata.interacted_message_id : null,
          // Discord's newer form of it leaves the name out, and sends the older one beside it.
          command: raw.interaction?.name ?? null,
          userId: metadata.user.id,
        }
      : null,
  };
}

/** What a session tells about the channel. */
export type ChannelEvent =
  | { type: 'message'; message: DiscordMessage }
  | { type: 'deleted'; messageId: string };
