import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import type { DiscordAccount } from './discord-account.ts';

/** An account with nothing special about it, with what a test wants different. */
export function aDiscordAccount(different: Partial<DiscordAccount> = {}): DiscordAccount {
  return {
    name: 'test',
    guildId: '1',
    channelId: '2',
    userToken: 'user',
    botToken: 'bot',
    session: 'bot',
    concurrency: 3,
    speed: null,
    weight: 1,
    pacing: unpaced,
    proxy: null,
    ...different,
  };
}
