import { expect, it } from 'vitest';
import { Exclusive } from './exclusive.ts';

const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('lets one task of a key go at a time, in order, and others not wait', async () => {
  const exclusive = new Exclusive();
  const served: string[] = [];
  const release = await exclusive.acquire('a', never);
  const second = exclusive.acquire('a', never);
  second.then(() => served.push('second'));
  const third = exclusive.acquire('a', never);
  third.then(() => served.push('third'));
  await exclusive.acquire('b', never);
  await exclusive.acquire(null, never);
  expect(served).toEqual([]);
  release();
  release();
  await settled();
  expect(served).toEqual(['second']);
  (await second)();
  await settled();
  expect(served).toEqual(['second', 'third']);
  expect(exclusive.isTaken('a')).toBe(true);
  (await third)();
  expect(exclusive.isTaken('a')).toBe(false);
});

it('forgets what gave up waiting, which learns why', async () => {
  const exclusive = new Exclusive();
  const release = await exclusive.acquire('a', never);
  const leaving = new AbortController();
  const left = exclusive.acquire('a', leaving.signal);
  const last = exclusive.acquire('a', never);
  leaving.abort(new Error('left'));
  await expect(left).rejects.toThrow('left');
  release();
  (await last)();
  expect(exclusive.isTaken('a')).toBe(false);
});

it('gives the key to what is under way already, unless another one has it', async () => {
  const exclusive = new Exclusive();
  const release = exclusive.tryAcquire('a');
  exclusive.tryAcquire('a')();
  expect(exclusive.isTaken('a')).toBe(true);
  const next = exclusive.acquire('a', never);
  release();
  (await next)();
  expect(exclusive.isTaken('a')).toBe(false);
});
