import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Lets secret scanners and people recognise a key. */
const prefix = 'mj_';

/** A new key: the prefix and 32 random bytes in base64url. Shown once, never stored. */
export function createAppKey(): string {
  return prefix + randomBytes(32).toString('base64url');
}

/** The stored form of a key: SHA-256 in lower-case hex. A key has full entropy, so it needs no salt. */
export function hashAppKey(appKey: string): string {
  return hash('sha256', appKey, 'hex');
}

/** The text with all keys in it censored. */
export function withoutAppKeys(text: string): string {
  return text.replace(/mj_[\w-]{20,}/g, `${prefix}[secret]`);
}

/** Whether two hashes are the same, in a time that does not reveal where they differ. */
export function isSameHash(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Enough of a key to recognise it, too little to guess it. */
export function hintOfAppKey(appKey: string): string {
  return `${appKey.slice(0, 5)}…${appKey.slice(-3)}`;
}
