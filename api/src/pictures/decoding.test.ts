import { expect, test } from 'vitest';
import { decodeAlone } from './decoding.ts';

/** Work that lasts until it is let go, and notes when it begins. */
function holding(begun: string[]) {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const start = (userId: number, name: string) =>
    decodeAlone(userId, async () => {
      begun.push(name);
      await held;
      return name;
    });
  return { start, letGo };
}

test('one picture is decoded at a time, of each user in turn', async () => {
  const begun: string[] = [];
  const { start, letGo } = holding(begun);
  const all = [
    ...['a1', 'a2', 'a3'].map((name) => start(1, name)),
    ...['b1', 'b2'].map((name) => start(2, name)),
    start(3, 'c1'),
  ];
  await expect.poll(() => begun).toEqual(['a1']);
  letGo();
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'c1']);
  expect(begun).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
});

test('what fails lets the next one begin', async () => {
  const failing = decodeAlone(1, () => Promise.reject(new Error('damaged')));
  const next = decodeAlone(1, async () => 'whole');
  await expect(failing).rejects.toThrow('damaged');
  expect(await next).toBe('whole');
});

test('a user who has fifty waiting is refused another, and others are not', async () => {
  const { start, letGo } = holding([]);
  const all = Array.from({ length: 51 }, (_, at) => start(1, String(at)));
  await expect(start(1, 'too many')).rejects.toMatchObject({ code: 'unavailable', retryAfter: 3 });
  all.push(...Array.from({ length: 50 }, (_, at) => start(2, String(at))));
  await expect(start(3, 'too many in all')).rejects.toMatchObject({ code: 'unavailable', retryAfter: 3 });
  letGo();
  expect(await Promise.all(all)).toHaveLength(101);
  expect(await decodeAlone(1, async () => 'room again')).toBe('room again');
});
