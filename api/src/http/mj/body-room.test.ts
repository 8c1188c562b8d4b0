import { expect, it } from 'vitest';
import { createBodyRoom } from './body-room.ts';

/** Notes who has entered. */
function aRoom(limits: Partial<Parameters<typeof createBodyRoom>[0]> = {}) {
  const room = createBodyRoom({ bytes: 100, bytesOfUser: 60, mostWaiting: 2, ...limits });
  const entered: string[] = [];
  const enter = async (name: string, userId: number, bytes: number) => {
    const body = await room.enter(userId, bytes);
    entered.push(name);
    return body;
  };
  return { entered, enter };
}

/** Everything that can happen now has happened. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('lets bodies in as long as there is room, and the next one when one leaves', async () => {
  const { entered, enter } = aRoom();
  const { leave } = await enter('a', 1, 60);
  const second = enter('b', 2, 60);
  await settled();
  expect(entered).toEqual(['a']);
  leave();
  await second;
  expect(entered).toEqual(['a', 'b']);
});

it('keeps room for others than the user who has many', async () => {
  const { entered, enter } = aRoom();
  const { leave } = await enter('a', 1, 40);
  const again = enter('a again', 1, 40);
  await enter('b', 2, 40);
  expect(entered).toEqual(['a', 'b']);
  leave();
  await again;
});

it('takes room only for what a body turned out to be', async () => {
  const { entered, enter } = aRoom();
  const { shrinkTo, leave } = await enter('a', 1, 60);
  const again = enter('a again', 1, 50);
  shrinkTo(10);
  await again;
  shrinkTo(20);
  leave();
  leave();
  await enter('b', 2, 50);
  expect(entered).toEqual(['a', 'a again', 'b']);
});

it('refuses when too many wait', async () => {
  const { enter } = aRoom();
  await enter('a', 1, 60);
  void enter('b', 1, 60);
  void enter('c', 1, 60);
  await expect(enter('d', 2, 10)).rejects.toMatchObject({ code: 'unavailable', retryAfter: 3 });
});
