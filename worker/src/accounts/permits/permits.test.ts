import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import { beforeEach, describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';
import type { Send } from './pacing.ts';
import { Permits } from './permits.ts';
import { Slots } from './slots.ts';

const picture: Send = { work: 'picture', speed: null };
const blend = aTask({ action: { kind: 'blend', uploadFilenames: ['a', 'b'], ratio: '1:1' } });
const never = new AbortController().signal;
const settled = () => new Promise((resolve) => setImmediate(resolve));

let slots: Slots;
let permits: Permits;
let noted: string[];
beforeEach(() => {
  noted = [];
  slots = new Slots({ pictures: 1, videos: null, pace: new Pace(unpaced) });
  permits = new Permits(slots, {
    change: async (task) => ({ task, applied: true }),
    note: (_task, event) => void (event.type === 'waiting' && noted.push(event.reason)),
  });
});

const acquire = (task = blend, signal = never) =>
  permits.acquire(task, picture, slots.tryAcquire(picture), 0, signal);

describe('a task whose messages would read like those of another one under way', () => {
  it('waits for that one, says why, and leaves its slot to others meanwhile', async () => {
    const first = await acquire();
    first.slot.release();
    const second = acquire();
    await settled();
    expect([slots.used, noted]).toEqual([0, [expect.stringContaining('read like')]]);
    first.releaseKey();
    await second;
    expect(slots.used).toBe(1);
  });

  it('lets the next one go when it stops waiting for a slot', async () => {
    const first = await acquire();
    const leaving = new AbortController();
    const second = expect(permits.acquire(blend, picture, undefined, 0, leaving.signal)).rejects.toThrow(
      'left',
    );
    first.releaseKey();
    await settled();
    leaving.abort(new Error('left'));
    await second;
    first.slot.release();
    await acquire();
  });

  it('does not wait for one that Discord has identified', async () => {
    permits.occupy({ ...blend, interactionId: '3' }, picture).slot.release();
    await acquire();
    expect(noted).toEqual([]);
  });
});

it('a task that comes too late gives its slot back', async () => {
  await expect(acquire(aTask(), AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  expect(slots.used).toBe(0);
});
