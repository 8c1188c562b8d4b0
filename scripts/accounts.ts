import path from 'node:path';
import { createTokenSeal, type TokenSeal } from '@midjourney-api/shared/accounts/sealed-token';
import { loadConfig } from '@midjourney-api/shared/config/config';
import { accountsProgram } from './accounts/program.ts';
import { readSecrets } from './accounts/read-secrets.ts';
import { endWithComplaint } from './complaint.ts';
import { dataDirectory } from './environment.ts';
import { secretsKey } from './secrets-key.ts';
import { SecretsFile } from './services/secrets-file.ts';
import { shellActor } from './shell-actor.ts';
import { withDatabase } from './with-database.ts';

/** With the key of the environment, or the one that `npm start` keeps with its data. */
function openSeal(): TokenSeal {
  const key = loadConfig(process.env).SECRETS_KEY;
  if (key) return createTokenSeal(key);
  const kept = new SecretsFile(path.join(dataDirectory(process.env), 'secrets.json'));
  return createTokenSeal(Buffer.from(secretsKey(kept), 'base64'));
}

accountsProgram({
  withDatabase,
  print: (text) => process.stdout.write(text),
  actor: shellActor(),
  openSeal,
  readSecrets,
})
  .parseAsync()
  .catch(endWithComplaint);
