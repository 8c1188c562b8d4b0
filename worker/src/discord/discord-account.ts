import type { Pacing } from '@midjourney-api/shared/accounts/pacing/pacing';
import type { Speed } from '@midjourney-api/shared/tasks/task';

/** Where an account lives, and its two credentials. */
export interface DiscordAccount {
  name: string;
  guildId: string;
  channelId: string;
  /** Sends commands, button presses and uploads. */
  userToken: string;
  /** Who listens: the operator's bot, or the user whose account it is. */
  session: 'bot' | 'user';
  /** Listens, and reads the channel's history. A user's session can do without. */
  botToken: string | null;
  concurrency: number;
  /** The only speed that it draws at; null: as asked, or as Midjourney is set. */
  speed: Speed | null;
  /** Its share of new drawings: twice the weight, twice as many. */
  weight: number;
  pacing: Pacing;
  /** Where all its connections go through; may hold a password. null: to Discord directly. */
  proxy: string | null;
}
