import { randomBytes } from 'node:crypto';
import type { DatabaseConfig } from '@midjourney-api/shared/config/config';
import { connectDatabase, type Database } from '@midjourney-api/shared/database/connect';
import { createUser, findUserByAppKey, UserError } from '@midjourney-api/shared/users/users';
import type { SecretsFile } from './services/secrets-file.ts';

export interface DemoUsers {
  appKey: string;
  operatorKey: string;
}

/** Finds the demo user and the operator of a private database, and creates them if it does not know their keys. */
export async function ensureDemoUsers(config: DatabaseConfig, secrets: SecretsFile): Promise<DemoUsers> {
  const { db, close } = connectDatabase({ ...config, poolSize: 2 });
  try {
    const appKey = await ensureUser(db, secrets, 'demoKey', { userName: 'demo', tokenTotal: 100 });
    const operator = { userName: 'operator', tokenTotal: 100, role: 'operator' as const };
    return { appKey, operatorKey: await ensureUser(db, secrets, 'operatorKey', operator) };
  } finally {
    await close();
  }
}

type NewUser = Parameters<typeof createUser>[1];

async function ensureUser(
  db: Database,
  secrets: SecretsFile,
  secret: string,
  wanted: NewUser,
): Promise<string> {
  const known = secrets.get(secret);
  if (known !== undefined && (await findUserByAppKey(db, known))) return known;
  const { appKey } = await createUser(db, wanted).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
    // Its key was lost with the secrets file; somebody may still use it.
    return createUser(db, { ...wanted, userName: `${wanted.userName}-${randomBytes(3).toString('hex')}` });
  });
  secrets.set(secret, appKey);
  return appKey;
}
