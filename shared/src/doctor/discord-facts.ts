import type { AccountInfo } from '../accounts/account-info.ts';
import type { MidjourneySettings } from '../accounts/midjourney-settings.ts';

/**
 * What Discord and Midjourney answered when an account was checked: input for the findings. It is the result of a job, so
 * it is plain JSON without secrets.
 */
export interface DiscordFacts {
  /** Midjourney's commands in the server. Looked up with the user's token. */
  commands: Answer<CommandVersion[]>;
  /** What the bot's application may do. null: the account has no bot. */
  bot: Answer<{ readsContent: boolean }> | null;
  /** Read by the bot, or by the user if there is no bot, like everything below. */
  channel: Answer<{ guildId: string | null; slowModeSeconds: number }>;
  /** What the bot may do in the channel. null: the account has no bot. */
  botMay: Answer<ChannelPermission[]> | null;
  /** What the account's user may do in the channel. */
  userMay: Answer<ChannelPermission[]>;
  /** How far this machine's clock is ahead of Discord's. null: Discord sent no date. */
  clockAheadMs: number | null;
  /** What only a user session sees. null: there is none. */
  midjourney: { info: Answer<AccountInfo>; settings: Answer<MidjourneySettings> } | null;
}

/** The answer to a question, or why there is none. `status` is that of Discord's answer; null: no answer came. */
export type Answer<T> = { value: T } | { status: number | null; message: string };

interface CommandVersion {
  name: string;
  version: string;
}

/** Discord's permissions that matter here: https://discord.com/developers/docs/topics/permissions */
export const channelPermissions = [
  'ViewChannel',
  'ReadMessageHistory',
  'SendMessages',
  'UseApplicationCommands',
  'AttachFiles',
  'EmbedLinks',
  'BypassSlowmode',
] as const;
export type ChannelPermission = (typeof channelPermissions)[number];
