import type { AccountRow } from '@midjourney-api/shared/accounts/accounts';
import { environmentAccount } from '@midjourney-api/shared/accounts/accounts';
import { defaultPacing } from '@midjourney-api/shared/accounts/pacing/pacing';
import { createTokenSeal, SealBroken } from '@midjourney-api/shared/accounts/sealed-token';
import type { DiscordAccount } from '../../discord/discord-account.ts';

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
    const pacing = { ...defaultPacing, ...row.pacing };
    // The environment has no variables for how it shares and paces the work.
    const own = name === environmentAccount && account ? { ...account, speed, weight, pacing } : undefined;
    if (own && row.proxy === null) return own;
    if (!own && (!guildId || !channelId || !userToken)) {
      return {
        lockedBecause:
          'No worker has its tokens: set the DISCORD_… variables, or remove it and add it again with its tokens.',
      };
    }
    if (!seal) {
      const sealed = own ? 'the address of its proxy' : 'its tokens';
      return { lockedBecause: `SECRETS_KEY is not set, which opens ${sealed}: set it for the workers.` };
    }
    try {
      const proxy = row.proxy && seal.open(row.proxy, name, 'proxy');
      if (own) return { ...own, proxy };
      return {
        name,
        guildId: guildId ?? '',
        channelId: channelId ?? '',
        userToken: seal.open(userToken ?? '', name, 'user'),
        session,
        botToken: botToken && seal.open(botToken, name, 'bot'),
        concurrency,
        speed,
        weight,
        pacing,
        proxy,
      };
    } catch (error) {
      if (error instanceof SealBroken) return { lockedBecause: error.message };
      throw error;
    }
  };
}
