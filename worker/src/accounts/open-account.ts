import type { AccountRow } from '@midjourney-api/shared/accounts/accounts';
import { environmentAccount } from '@midjourney-api/shared/accounts/accounts';
import { createTokenSeal, SealBroken } from '@midjourney-api/shared/accounts/sealed-token';
import type { DiscordAccount } from '../discord/rest.ts';

/** An account whose tokens this worker cannot read. */
export interface LockedAccount {
  lockedBecause: string;
}

export type OpenAccount = (row: AccountRow) => DiscordAccount | LockedAccount;

export interface AccountOpenerOptions {
  /** The account of the environment; others are in MySQL. */
  account: DiscordAccount | undefined;
  /** Opens the tokens in MySQL. */
  secretsKey: Buffer | undefined;
}

export function isLocked(opened: DiscordAccount | LockedAccount): opened is LockedAccount {
  return 'lockedBecause' in opened;
}

/** Finds the tokens of an account: in the environment, or sealed in its row. */
export function createAccountOpener({ account, secretsKey }: AccountOpenerOptions): OpenAccount {
  const seal = secretsKey && createTokenSeal(secretsKey);
  return (row) => {
    const { name, guildId, channelId, session, userToken, botToken, concurrency, speed, weight } = row;
    // The environment has no variables for how it shares the work.
    if (name === environmentAccount && account) return { ...account, speed, weight };
    if (!guildId || !channelId || !userToken) {
      return {
        lockedBecause:
          'No worker has its tokens: set the DISCORD_… variables, or remove it and add it again with its tokens.',
      };
    }
    if (!seal)
      return { lockedBecause: 'SECRETS_KEY is not set, which opens its tokens: set it for the workers.' };
    try {
      return {
        name,
        guildId,
        channelId,
        userToken: seal.open(userToken, name, 'user'),
        session,
        botToken: botToken && seal.open(botToken, name, 'bot'),
        concurrency,
        speed,
        weight,
      };
    } catch (error) {
      if (error instanceof SealBroken) return { lockedBecause: error.message };
      throw error;
    }
  };
}
