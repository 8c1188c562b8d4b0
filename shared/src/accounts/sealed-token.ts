import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export type SealedField = 'user' | 'bot' | 'proxy';

/**
 * Encrypts Discord tokens and proxy addresses at rest: AES-256-GCM under SECRETS_KEY, bound to the account and the field,
 * so that a sealed token moved elsewhere does not open.
 */
export interface TokenSeal {
  seal(token: string, account: string, field: SealedField): string;
  /** @throws {SealBroken} if the key is a different one, or the sealed token was changed or moved. */
  open(sealed: string, account: string, field: SealedField): string;
}

export class SealBroken extends Error {
  override readonly name = 'SealBroken';
}

const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

/** @param key 32 bytes */
export function createTokenSeal(key: Buffer): TokenSeal {
  const boundTo = (account: string, field: string) => Buffer.from(`${account}\n${field}`);
  return {
    seal(token, account, field) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(boundTo(account, field));
      const sealed = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
      return `${version}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')}`;
    },
    open(sealed, account, field) {
      const bytes = Buffer.from(sealed.slice(version.length + 1), 'base64url');
      if (!sealed.startsWith(`${version}.`) || bytes.length < nonceBytes + tagBytes)
        throw new SealBroken(broken(account));
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(boundTo(account, field)).setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes));
      try {
        return (
          decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
        );
      } catch {
        throw new SealBroken(broken(account));
      }
    },
  };
}

function broken(account: string): string {
  return `The tokens of the account "${account}" do not open with the workers' SECRETS_KEY: give them the one they were stored with, or run "npm run accounts -- reseal".`;
}
