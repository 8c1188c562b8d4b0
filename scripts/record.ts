import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { isLocked } from '../worker/src/accounts/pool/open-account.ts';
import { Complaint, endWithComplaint } from './complaint.ts';
import { openAccountHere } from './open-account-here.ts';
import { recordProgram } from './record/program.ts';
import { readThisInstallation } from './this-installation.ts';

const enough = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => enough.abort());

async function openAccount(name: string) {
  const installation = readThisInstallation(process.env);
  const { db, close } = connectDatabase(installation.database);
  try {
    const account = await openAccountHere(installation, db, name);
    if (isLocked(account)) throw new Complaint(`The account cannot be opened here: ${account.lockedBecause}`);
    return { account, apiUrl: installation.config.DISCORD_API_URL };
  } finally {
    await close();
  }
}

recordProgram({ openAccount, print: (text) => process.stdout.write(text), enough: enough.signal })
  .parseAsync()
  .then(() => process.exit())
  .catch(endWithComplaint);
