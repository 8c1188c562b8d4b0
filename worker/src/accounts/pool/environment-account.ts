import { environmentAccount } from '@midjourney-api/shared/accounts/accounts';
import { defaultPacing } from '@midjourney-api/shared/accounts/pacing/pacing';
import { type Config, ConfigError } from '@midjourney-api/shared/config/config';
import type { DiscordAccount } from '../../discord/discord-account.ts';

/** The account of the `DISCORD_…` variables; undefined where there is none. @throws {ConfigError} when some are missing. */
export function readEnvironmentAccount(config: Config): DiscordAccount | undefined {
  const { DISCORD_SESSION, DISCORD_USER_TOKEN, DISCORD_BOT_TOKEN, DISCORD_GUILD_ID, DISCORD_CHANNEL_ID } =
    config;
  const given = [DISCORD_USER_TOKEN, DISCORD_BOT_TOKEN, DISCORD_GUILD_ID, DISCORD_CHANNEL_ID];
  if (given.every((value) => !value)) return undefined;
  if (!DISCORD_USER_TOKEN || !DISCORD_GUILD_ID || !DISCORD_CHANNEL_ID) {
    throw new ConfigError(
      'DISCORD_USER_TOKEN, DISCORD_GUILD_ID and DISCORD_CHANNEL_ID: all three are needed for an account',
    );
  }
  if (DISCORD_SESSION === 'bot' && !DISCORD_BOT_TOKEN) {
    throw new ConfigError('DISCORD_BOT_TOKEN: needed to listen, unless DISCORD_SESSION is user');
  }
  return {
    name: environmentAccount,
    session: DISCORD_SESSION,
    userToken: DISCORD_USER_TOKEN,
    botToken: DISCORD_BOT_TOKEN ?? null,
    guildId: DISCORD_GUILD_ID,
    channelId: DISCORD_CHANNEL_ID,
    concurrency: config.DISCORD_CONCURRENCY,
    speed: null,
    weight: 1,
    pacing: defaultPacing,
    proxy: null,
  };
}
