import type { DiscordAccount } from '../../discord/discord-account.ts';
import type { DiscordRest } from '../../discord/rest/discord-rest.ts';
import type { BotIds } from '../../midjourney/bots.ts';
import type { CommandCache } from '../../midjourney/command-cache.ts';

/** The account's user at Discord, who runs Midjourney's commands, presses its buttons and fills in its forms. */
export interface AccountUser {
  account: DiscordAccount;
  bots: BotIds;
  rest: Pick<DiscordRest, 'interact'>;
  commands: CommandCache;
  /**
   * The gateway session that interactions name; waits for it while it is away.
   * @throws when the account's session stops.
   */
  sessionId(): Promise<string>;
}
