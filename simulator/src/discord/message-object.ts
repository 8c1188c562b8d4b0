import { createHash } from 'node:crypto';
import type { SignedUrls } from './cdn.ts';
import type { Attachment, Embed, InteractionMetadata, Message } from './model.ts';

export interface MessageView {
  urls: SignedUrls;
  /** Finds the message that a reply answers. */
  find(channelId: string, messageId: string): Message | undefined;
}

/** A message as Discord's API shows it, with every field that its documentation requires. */
export function messageObject(message: Message, view: MessageView): Record<string, unknown> {
  const object = bareMessageObject(message, view);
  if (message.replyTo === undefined) return { ...object, ...message.raw };
  const replied = view.find(message.channelId, message.replyTo);
  return {
    ...object,
    message_reference: {
      type: 0,
      message_id: message.replyTo,
      channel_id: message.channelId,
      guild_id: message.guildId,
    },
    referenced_message: replied ? { ...bareMessageObject(replied, view), ...replied.raw } : null,
    ...message.raw,
  };
}

/** The same for a bot without the Message Content intent. */
export function withoutContent(object: Record<string, unknown>): Record<string, unknown> {
  const blank = { content: '', embeds: [], attachments: [], components: [] };
  const replied = object.referenced_message;
  return typeof replied === 'object' && replied !== null
    ? { ...object, ...blank, referenced_message: { ...replied, ...blank } }
    : { ...object, ...blank };
}

function bareMessageObject(message: Message, { urls }: MessageView): Record<string, unknown> {
  const object: Record<string, unknown> = {
    id: message.id,
    channel_id: message.channelId,
    author: message.author,
    content: message.content,
    timestamp: discordTime(message.createdAt),
    edited_timestamp: message.editedAt === null ? null : discordTime(message.editedAt),
    tts: false,
    mention_everyone: false,
    mentions: message.mentions,
    mention_roles: [],
    attachments: message.attachments.map((attachment) => attachmentObject(message, attachment, urls)),
    embeds: message.embeds.map((embed) => embedObject(message, embed, urls)),
    components: numbered(message),
    pinned: false,
    type: message.type,
    flags: message.flags,
    ephemerality_reason: message.ephemeralityReason,
  };
  if (message.author.bot) object.application_id = message.author.id;
  if (message.interaction) {
    object.webhook_id = message.author.id;
    object.interaction_metadata = interactionObject(message.interaction, message.guildId);
    if (message.interaction.type === 2) {
      // The field's older form, still sent for commands.
      const { id, type, name, user } = message.interaction;
      object.interaction = { id, type, name, user };
    }
  }
  return object;
}

function attachmentObject(message: Message, attachment: Attachment, urls: SignedUrls) {
  const { url, proxyUrl } = signed(message, attachment, urls);
  return {
    id: attachment.id,
    filename: attachment.filename,
    size: attachment.size,
    url,
    proxy_url: proxyUrl,
    content_type: attachment.contentType,
    content_scan_version: 0,
    ...placeholderOf(attachment),
    width: attachment.width,
    height: attachment.height,
    ephemeral: message.onlyFor === undefined ? undefined : true,
  };
}

function embedObject(message: Message, { image, ...embed }: Embed, urls: SignedUrls) {
  if (!image) return { type: 'rich', ...embed };
  const { url, proxyUrl } = signed(message, image, urls);
  return {
    type: 'rich',
    ...embed,
    image: {
      url,
      proxy_url: proxyUrl,
      width: image.width,
      height: image.height,
      content_type: image.contentType,
      ...placeholderOf(image),
      flags: 0,
    },
  };
}

function signed(message: Message, attachment: Attachment, urls: SignedUrls) {
  const ephemeral = message.onlyFor !== undefined;
  return urls.sign(message.channelId, attachment, ephemeral);
}

/** What clients show while a picture loads: a thumbhash; here only text of the same form. */
function placeholderOf({ id, width }: Attachment) {
  if (width === undefined) return {};
  const placeholder = createHash('sha256').update(id).digest().subarray(0, 21).toString('base64');
  return { placeholder, placeholder_version: 1 };
}

/** Discord numbers the components of a message from 1, rows before their buttons. */
function numbered(message: Message) {
  let id = 0;
  return message.components.map((row) => {
    id += 1;
    const rowId = id;
    return {
      ...row,
      id: rowId,
      components: row.components.map((button) => {
        id += 1;
        return { ...button, id };
      }),
    };
  });
}

function interactionObject(metadata: InteractionMetadata, guildId = ''): object {
  return {
    id: metadata.id,
    type: metadata.type,
    user: metadata.user,
    authorizing_integration_owners: { '0': guildId },
    ...(metadata.name === undefined ? {} : { name: metadata.name, command_type: 1 }),
    ...(metadata.interactedMessageId === undefined
      ? {}
      : { interacted_message_id: metadata.interactedMessageId }),
    ...(metadata.triggeredBy === undefined
      ? {}
      : { triggering_interaction_metadata: interactionObject(metadata.triggeredBy, guildId) }),
  };
}

/** ISO 8601 as Discord writes it: microseconds and an offset. */
function discordTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -1)}000+00:00`;
}
