import { randomBytes } from 'node:crypto';

/** A token in Discord's form: base64 of the user id, a time, a signature. */
export function makeToken(userId: string): string {
  const id = Buffer.from(userId).toString('base64url');
  return `${id}.${randomBytes(4).toString('base64url')}.${randomBytes(28).toString('base64url')}`;
}

/** The user id in a token's first part. Throws when the text does not look like a Discord token. */
export function userIdOfToken(token: string, what: string): string {
  const parts = token.split('.');
  const id = Buffer.from(parts[0] ?? '', 'base64').toString('latin1');
  if (parts.length !== 3 || parts.includes('') || !/^\d{5,20}$/.test(id)) {
    throw new Error(
      `${what} does not look like a Discord token (three parts with dots between, the first the user id in base64)`,
    );
  }
  return id;
}
