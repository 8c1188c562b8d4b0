import { describe, expect, it, test } from 'vitest';
import { Refusal } from '../../commands/refusal.ts';
import { readSentPicture } from './sent-picture.ts';

const bytes = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0xfb, 0xff]);
const base64 = bytes.toString('base64');

describe('a picture as clients send it', () => {
  test.each([
    ['a data URL', `data:image/png;base64,${base64}`],
    ['a data URL with parameters', `data:image/png;name=cat.png;base64,${base64}`],
    ['a data URL without a type', `DATA:;base64,${base64}`],
    ['bare base64', base64],
    ['base64 for URLs', bytes.toString('base64url')],
    ['base64 in lines', `${base64.slice(0, 4)}\r\n${base64.slice(4)}`],
  ])('%s is its bytes', (_name, text) => {
    expect(readSentPicture('base64', text, 100)).toEqual({ bytes });
  });

  test.each(['https://example.com/a b.png', 'HTTP://example.com/a%20b.png'])('%s is its link', (text) => {
    const read = readSentPicture('base64', text, 100);
    expect('url' in read && read.url.href).toMatch(/^https?:\/\/example.com\/a%20b.png$/);
  });

  test.each([
    ['data:image/png,%89PNG', /without base64/],
    ['data:image/png;base64', /without base64/],
    ['data:image/png;base64,', /is no picture/],
    ['€€€', /is no picture/],
    ['http://', /must be an http/],
    [`https://example.com/${'a'.repeat(2_048)}`, /must be an http/],
  ])('%s is refused', (text, why) => {
    expect(() => readSentPicture('base64Array.1', text, 100)).toThrow(why);
    expect(refusalOf(text).errors?.[0]?.path).toBe('base64Array.1');
  });

  it('is refused before it is decoded when it is too large', () => {
    const refusal = refusalOf(`data:image/png;base64,${'A'.repeat(200)}`);
    expect(refusal).toMatchObject({ code: 'too_large', message: expect.stringContaining('base64Array.1') });
  });
});

function refusalOf(text: string): Refusal {
  try {
    readSentPicture('base64Array.1', text, 100);
  } catch (error) {
    if (error instanceof Refusal) return error;
  }
  throw new Error('It was not refused.');
}
