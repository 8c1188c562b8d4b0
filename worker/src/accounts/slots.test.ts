import { describe, expect, it } from 'vitest';
import { Slots } from './slots.ts';

const never = new AbortController().signal;

/** What has been served so far. */
function line() {
  const served: string[] = [];
  return { served, note: (name: string) => () => void served.push(name) };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('Slots', () => {
  it('lets no more in than there are, and the next when one leaves', async () => {
    const slots = new Slots(2);
    const { served, note } = line();
    const [first] = await Promise.all([slots.acquire(0, never), slots.acquire(0, never)]);
    slots.acquire(0, never).then(note('third'));
    await settled();
    expect(served).toEqual([]);
    first();
    first();
    await settled();
    expect(served).toEqual(['third']);
    expect(slots.used).toBe(2);
  });

  it('gives a slot to what waits for it before it is free for a new drawing', async () => {
    const { served, note } = line();
    const slots = new Slots(1, note('free'));
    const release = await slots.acquire(0, never);
    expect(slots.tryAcquire()).toBeUndefined();
    const followUp = slots.acquire(0, never);
    followUp.then(note('follow-up'));
    release();
    expect(slots.isFree).toBe(false);
    (await followUp)();
    expect(slots.isFree).toBe(true);
    expect(served).toEqual(['follow-up', 'free']);
  });

  it('counts what is at Midjourney already, and lets nothing in until there is room again', async () => {
    const slots = new Slots(1);
    const { served, note } = line();
    const [one, two] = [slots.occupy(), slots.occupy()];
    slots.acquire(0, never).then(note('drawing'));
    one();
    await settled();
    expect(served).toEqual([]);
    two();
    await settled();
    expect(served).toEqual(['drawing']);
  });

  it('serves those that wait by their priority', async () => {
    const slots = new Slots(1);
    const { served, note } = line();
    const release = await slots.acquire(0, never);
    for (const priority of [120, 60, 180, 60]) {
      slots.acquire(priority, never).then((next) => {
        note(String(priority))();
        next();
      });
    }
    release();
    await settled();
    expect(served).toEqual(['60', '60', '120', '180']);
  });

  it('forgets what gave up waiting', async () => {
    const slots = new Slots(1);
    const release = await slots.acquire(0, never);
    const leaving = new AbortController();
    const waiting = slots.acquire(0, leaving.signal);
    leaving.abort(new Error('left'));
    await expect(waiting).rejects.toThrow('left');
    release();
    expect(slots.used).toBe(0);
  });
});
