import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTokenSeal, SealBroken } from './sealed-token.ts';

const seal = createTokenSeal(randomBytes(32));
const token = 'MTIzNDU2.GabcDE.secret-part';

describe('a sealed token', () => {
  it('opens again, shows nothing of itself, and looks different each time', () => {
    const [one, two] = [seal.seal(token, 'a', 'user'), seal.seal(token, 'a', 'user')];
    expect(seal.open(one, 'a', 'user')).toBe(token);
    expect(one).not.toContain('secret');
    expect(one).not.toBe(two);
  });

  it.each([
    ['another key', () => createTokenSeal(randomBytes(32)).open(seal.seal(token, 'a', 'user'), 'a', 'user')],
    ['another account', () => seal.open(seal.seal(token, 'a', 'user'), 'b', 'user')],
    ['another field', () => seal.open(seal.seal(token, 'a', 'user'), 'a', 'bot')],
    ['a changed token', () => seal.open(`${seal.seal(token, 'a', 'user').slice(0, -3)}AAA`, 'a', 'user')],
    ['no sealed token at all', () => seal.open('plain', 'a', 'user')],
  ])('does not open with %s', (_name, open) => {
    expect(open).toThrow(SealBroken);
  });
});
