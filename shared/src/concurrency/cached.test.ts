import { expect, it } from 'vitest';
import { cached } from './cached.ts';

function open(options: { most?: number } = {}) {
  const lookedUp: string[] = [];
  const clock = { now: 0 };
  const find = cached(
    async (key: string) => {
      lookedUp.push(key);
      if (key === 'lost') throw new Error('not now');
      return `${key} ${lookedUp.length}`;
    },
    { ms: 500, now: () => clock.now, ...options },
  );
  return { lookedUp, clock, find };
}

it('a result is looked up once, until its time is over', async () => {
  const { clock, find } = open();
  expect(await Promise.all([find('a'), find('a'), find('b')])).toEqual(['a 1', 'a 1', 'b 2']);
  clock.now = 499;
  expect(await find('a')).toBe('a 1');
  clock.now = 500;
  expect(await find('a')).toBe('a 3');
});

it('a look-up that failed is made again', async () => {
  const { lookedUp, find } = open();
  await expect(find('lost')).rejects.toThrow('not now');
  await expect(find('lost')).rejects.toThrow('not now');
  expect(lookedUp).toEqual(['lost', 'lost']);
});

it('no more results are kept than there is room for', async () => {
  const { lookedUp, find } = open({ most: 2 });
  for (const key of ['a', 'b', 'c', 'c', 'a']) await find(key);
  expect(lookedUp).toEqual(['a', 'b', 'c', 'a']);
});
