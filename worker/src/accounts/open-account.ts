import type { AccountRow } from '@midjourney-api/shared/accounts/accounts';
import { createTokenSeal } from '@midjourney-api/shared/accounts/sealed-token';
import type { Logger } from '@midjourney-api/shared/logger';
import { environmentAccount } from '@midjourney-api/shared/queues/queues';
import type { DiscordAccount } from '../discord/rest.ts';

/** @returns undefined when this worker has not got the account's tokens. */
export type OpenAccount = (row: AccountRow) => DiscordAccount | undefined;

export interface AccountOpenerOptions {
  /** The account of the environment; others are in MySQL. */
  account: DiscordAccount | undefined;
  /** Opens the tokens in MySQL. */
  secretsKey: Buffer | undefined;
  log: Logger;
}

/** Finds the tokens of an account: in the environment, or sealed in its row. */
export function createAccountOpener({ account, secretsKey, log }: AccountOpenerOptions): OpenAccount {
  const seal = secretsKey && createTokenSeal(secretsKey);
  const complained = new Set<string>();
  return (row) => {
    if (row.name === environmentAccount && account) return account;
    const { name, guildId, channelId, session, userToken, botToken, concurrency, speed, weight } = row;
    if (!guildId || !channelId || !userToken) return undefined;
    try {
      if (!seal) throw new Error('SECRETS_KEY is not set, which opens the tokens of accounts in MySQL.');
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
    } catch (err) {
      if (!complained.has(name)) log.error({ err, account: name }, 'the account cannot be driven');
      complained.add(name);
      return undefined;
    }
  };
}
