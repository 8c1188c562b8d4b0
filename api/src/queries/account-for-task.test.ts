import { describe, expect, it } from 'vitest';
import { type AccountNow, reasonToWait } from './account-for-task.ts';

const now = new Date('2026-01-02T03:04:05.678Z');
const leaseUntil = new Date(now.getTime() + 1_000);
const [soon, later] = [new Date(now.getTime() + 1_000), new Date(now.getTime() + 2_000)];
const account = (different: Partial<AccountNow> = {}): AccountNow => ({
  name: 'default',
  enabled: true,
  state: 'ready',
  speed: null,
  concurrency: 3,
  leaseUntil,
  reason: null,
  until: null,
  active: 0,
  ...different,
});
const drawing = { account: null, speed: null };
const button = { account: 'default', speed: null };

describe('why a task waits', () => {
  it.each<[string, AccountNow[], string | undefined]>([
    ['an account is free', [account({ state: 'refused' }), account()], undefined],
    ['all are full', [account({ active: 3 })], 'as many as it may'],
    ['one is full, the others are refused', [account({ active: 3 }), account({ state: 'refused' })], 'many'],
    [
      'all pause',
      [account({ until: later, reason: 'At most so many.' }), account({ until: soon, reason: 'The gap.' })],
      'pauses until 2026-01-02T03:04:06.678Z: The gap.',
    ],
    ['one pauses, another is free', [account({ until: soon, reason: 'The gap.' }), account()], undefined],
    ['one pauses, another is full', [account({ until: soon }), account({ active: 3 })], 'as many as it may'],
    ['a pause is over', [account({ until: now, reason: 'The gap.' })], undefined],
    ['there is none', [], 'no Midjourney account'],
    ['all are disabled', [account({ enabled: false })], 'disabled'],
    [
      'all are refused',
      [account({ state: 'refused' }), account({ state: 'verification_required' })],
      'out of',
    ],
    ['the key of all is wrong', [account({ state: 'locked' })], 'out of service'],
    ['one is connecting', [account({ state: 'refused' }), account({ state: 'connecting' })], 'connected'],
    ['no worker has one', [account({ leaseUntil: null }), account({ leaseUntil: now })], 'connected'],
  ])('%s', (_name, all, reason) => {
    const found = reasonToWait(drawing, all, now);
    if (reason === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(reason);
  });

  it('is about its own account for what only that can do', () => {
    const other = account({ name: 'other' });
    expect(reasonToWait(button, [account({ state: 'refused' }), other], now)).toContain('has to draw this');
    expect(reasonToWait(button, [account(), other], now)).toBeUndefined();
    expect(reasonToWait(button, [other], now)).toContain('no Midjourney account');
  });

  it('is about accounts of its speed', () => {
    const turbo = account({ speed: 'turbo' });
    expect(reasonToWait({ account: null, speed: 'fast' }, [turbo], now)).toContain('no Midjourney account');
    expect(reasonToWait({ account: null, speed: 'turbo' }, [turbo], now)).toBeUndefined();
    expect(reasonToWait(drawing, [turbo], now)).toBeUndefined();
  });
});
