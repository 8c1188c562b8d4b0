/** A Discord user as its API shows it. */
export interface User {
  id: string;
  username: string;
  discriminator: string;
  global_name: string | null;
  avatar: string | null;
  bot: boolean;
  system: boolean;
  banner: string | null;
  accent_color: number | null;
  public_flags: number;
  flags: number;
  avatar_decoration_data: null;
  collectibles: null;
  primary_guild: null;
  clan: null;
}

/** The source of an attachment's bytes; pictures are drawn on request. */
export type AttachmentSource =
  | { kind: 'result'; jobId: string }
  | { kind: 'preview'; jobId: string; progress: number }
  | { kind: 'upload'; sha256: string }
  /** A picture on another server, which is never contacted: drawn from the words of its address. */
  | { kind: 'elsewhere'; url: string };

export interface Attachment {
  id: string;
  filename: string;
  size: number;
  contentType: string;
  width?: number;
  height?: number;
  source: AttachmentSource;
}

export interface Embed {
  title?: string;
  description?: string;
  color?: number;
  footer?: { text: string };
  /** Shown in the embed and served by the CDN, but not among the message's attachments. */
  image?: Attachment;
}

export interface Button {
  type: 2;
  style: 1 | 2 | 3 | 4 | 5;
  label?: string;
  emoji?: { name: string };
  custom_id?: string;
  url?: string;
  disabled?: boolean;
}

/** https://docs.discord.com/developers/components/reference#string-select */
export interface SelectMenu {
  type: 3;
  custom_id: string;
  min_values: number;
  max_values: number;
  options: { label: string; value: string; default: boolean }[];
}

export interface TextInput {
  type: 4;
  custom_id: string;
  label: string;
  style: 1 | 2;
  value?: string;
  required: boolean;
  min_length?: number;
  max_length?: number;
}

export interface ActionRow<Component = Button | SelectMenu> {
  type: 1;
  components: Component[];
}

export const messageTypes = { default: 0, reply: 19, chatInputCommand: 20 } as const;
type MessageType = (typeof messageTypes)[keyof typeof messageTypes];

export const messageFlags = { ephemeral: 1 << 6, loading: 1 << 7 } as const;

/** What a message says about the interaction that it answers. */
export interface InteractionMetadata {
  id: string;
  /** 2 command, 3 component, 5 modal. */
  type: 2 | 3 | 5;
  user: User;
  name?: string;
  interactedMessageId?: string;
  triggeredBy?: InteractionMetadata;
}

export interface Message {
  id: string;
  channelId: string;
  /** None in direct messages, which are between two users. */
  guildId?: string;
  between?: readonly string[];
  author: User;
  type: MessageType;
  flags: number;
  content: string;
  /** Milliseconds since 1970. */
  createdAt: number;
  editedAt: number | null;
  attachments: Attachment[];
  embeds: Embed[];
  components: ActionRow[];
  mentions: User[];
  replyTo?: string;
  interaction?: InteractionMetadata;
  /** An ephemeral message is visible to this user only. */
  onlyFor?: string;
  /** The only gateway session that receives this message. */
  onlySession?: string;
  /** The id of the interaction that it answers, where `interaction` does not say it. */
  answers?: string;
  jobId?: string;
  /** Fields of a message written by a test; they override all others. */
  raw?: Record<string, unknown>;
  reactions?: Reaction[];
  /** Why Discord made it ephemeral: 4 for slow mode. */
  ephemeralityReason?: number;
}

interface Reaction {
  emoji: string;
  userIds: string[];
}
