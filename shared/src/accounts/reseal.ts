import { eq, isNotNull, or } from 'drizzle-orm';
import type { Executor } from '../database/connect.ts';
import { accounts } from '../database/schema.ts';
import { AccountError } from './accounts.ts';
import { SealBroken, type SealedField, type TokenSeal } from './sealed-token.ts';

/**
 * Seals every account's tokens with a new key: all of them, or none. Tokens that the new key already opens stay as they
 * are, so it is safe to repeat.
 * @returns the names of the accounts that were sealed again.
 * @throws {AccountError} if neither key opens an account's tokens.
 */
export async function resealAccounts(db: Executor, from: TokenSeal, to: TokenSeal): Promise<string[]> {
  return db.transaction(async (tx) => {
    const rows = await tx
      .select()
      .from(accounts)
      .where(or(isNotNull(accounts.userToken), isNotNull(accounts.proxy)))
      .for('update');
    const resealed: string[] = [];
    for (const { name, userToken, botToken, proxy } of rows) {
      const reseal = (sealed: string, field: SealedField) =>
        opens(to, sealed, name, field) ? sealed : to.seal(openWith(from, sealed, name, field), name, field);
      const tokens = {
        userToken: userToken && reseal(userToken, 'user'),
        botToken: botToken && reseal(botToken, 'bot'),
        proxy: proxy && reseal(proxy, 'proxy'),
      };
      if (tokens.userToken === userToken && tokens.botToken === botToken && tokens.proxy === proxy) continue;
      await tx.update(accounts).set(tokens).where(eq(accounts.name, name));
      resealed.push(name);
    }
    return resealed;
  });
}

function opens(seal: TokenSeal, sealed: string, name: string, field: SealedField): boolean {
  try {
    seal.open(sealed, name, field);
    return true;
  } catch (error) {
    if (error instanceof SealBroken) return false;
    throw error;
  }
}

function openWith(seal: TokenSeal, sealed: string, name: string, field: SealedField): string {
  if (!opens(seal, sealed, name, field)) {
    throw new AccountError(
      `The tokens of the account "${name}" open neither with the old key nor with the new one; nothing was changed. Give the key that they were stored with, or set them again with "set ${name} --tokens".`,
    );
  }
  return seal.open(sealed, name, field);
}
