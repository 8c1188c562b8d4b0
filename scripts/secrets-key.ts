import { randomBytes } from 'node:crypto';
import type { SecretsFile } from './services/secrets-file.ts';

/** The key that seals the accounts' tokens if the environment has none: created once, kept with the data. */
export function secretsKey(secrets: SecretsFile): string {
  return secrets.remember('secretsKey', () => randomBytes(32).toString('base64'));
}
