import {
  type APIMessage,
  type APIMessageInteractionMetadata,
  type GatewayMessageUpdateDispatchData,
  MessageFlags,
} from 'discord-api-types/v10';

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
  /** The interaction that this message answers. */
  interaction: {
    id: string;
    /** For a form that was sent: the interaction which opened it. */
    openedBy: string | null;
    /** The message whose button was pressed. */
    messageId: string | null;
    /** For what follows the first answer: that answer. */
    firstAnswerId: string | null;
    command: string | null;
    userId: string | null;
  } | null;
}

/** @returns undefined for an update that carries only a part of the message, as those that add link previews do. */
export function readMessage(raw: APIMessage | GatewayMessageUpdateDispatchData): DiscordMessage | undefined {
  if (!raw.author || raw.content === undefined) return undefined;
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
    interaction: raw.interaction_metadata ? readInteraction(raw.interaction_metadata, raw) : null,
  };
}

function readInteraction(
  metadata: APIMessageInteractionMetadata,
  { interaction }: Pick<APIMessage, 'interaction'>,
): DiscordMessage['interaction'] {
  const opening =
    'triggering_interaction_metadata' in metadata ? metadata.triggering_interaction_metadata : null;
  const pressed = opening ?? metadata;
  return {
    id: metadata.id,
    openedBy: opening?.id ?? null,
    messageId: 'interacted_message_id' in pressed ? pressed.interacted_message_id : null,
    firstAnswerId: metadata.original_response_message_id ?? null,
    command: commandName(metadata) ?? interaction?.name ?? null,
    userId: metadata.user.id,
  };
}

/** Discord's documentation of this newer form leaves the name out; where it is missing, the older form has it. */
function commandName(metadata: APIMessageInteractionMetadata): string | undefined {
  return 'name' in metadata && typeof metadata.name === 'string' ? metadata.name : undefined;
}

/** Whether only the user that it answers sees it. */
export function isEphemeral({ flags }: Pick<DiscordMessage, 'flags'>): boolean {
  return (flags & MessageFlags.Ephemeral) !== 0;
}
