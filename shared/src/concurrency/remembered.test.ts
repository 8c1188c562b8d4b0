import { expect, it } from 'vitest';
import { remembered } from './remembered.ts';

function open(options: { most?: number } = {}) {
  const asked: string[] = [];
  const clock = { now: 0 };
  const find = remembered(
    async (key: string) => {
      asked.push(key);
      if (key === 'lost') throw new Error('not now');
      return `${key} ${asked.length}`;
    },
    { ms: 500, now: () => clock.now, ...options },
  );
  return { asked, clock, find };
}

it('a result is looked up once until it expires', async () => {
  const { clock, find } = open();
  expect(await Promise.all([find('a'), find('a'), find('b')])).toEqual(['a 1', 'a 1', 'b 2']);
  clock.now = 499;
  expect(await find('a')).toBe('a 1');
  clock.now = 500;
  expect(await find('a')).toBe('a 3');
});

it('a look-up that failed is not cached', async () => {
  const { asked, find } = open();
  await expect(find('lost')).rejects.toThrow('not now');
  await expect(find('lost')).rejects.toThrow('not now');
  expect(asked).toEqual(['lost', 'lost']);
});

it('no more keys are cached than `most`', async () => {
  const { asked, find } = open({ most: 2 });
  for (const key of ['a', 'b', 'c', 'c', 'a']) await find(key);
  expect(asked).toEqual(['a', 'b', 'c', 'a']);
});
