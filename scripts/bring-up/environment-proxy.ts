import { environmentAccount, findAccount } from '@midjourney-api/shared/accounts/accounts';
import type { DatabaseConfig } from '@midjourney-api/shared/config/config';
import { connectDatabase, databaseErrorCode } from '@midjourney-api/shared/database/connect';

/** MySQL's errors before the migrations have run; then there is no proxy either. */
const notYetThere = ['ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR', 'ER_BAD_DB_ERROR'];

/** Whether the account of the environment has a proxy: then nothing may ask Discord directly on its behalf. */
export async function environmentHasProxy(config: DatabaseConfig): Promise<boolean> {
  const { db, close } = connectDatabase(config);
  try {
    const account = await findAccount(db, environmentAccount);
    return account !== undefined && account.proxy !== null;
  } catch (error) {
    if (notYetThere.includes(databaseErrorCode(error) ?? '')) return false;
    throw error;
  } finally {
    await close();
  }
}
