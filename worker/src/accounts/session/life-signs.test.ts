import { describe, expect, it } from 'vitest';
import { LifeSigns } from './life-signs.ts';

const task = (userId: number, prompt: string) => ({ userId, prompt });

describe('an account has fallen silent', () => {
  it('when nothing of three tasks in a row was heard, of more than one client and prompt', () => {
    const signs = new LifeSigns();
    const silences = [task(1, 'a'), task(2, 'b'), task(1, 'c')].map((each, at) =>
      signs.silence(each, at + 1),
    );
    expect(silences).toEqual([false, false, true]);
  });

  it.each([
    ['one client', [task(1, 'a'), task(1, 'b'), task(1, 'c'), task(1, 'd')]],
    ['one prompt', [task(1, 'a'), task(2, 'a'), task(3, 'a'), task(4, 'a')]],
  ])('but not by %s', (_cause, tasks) => {
    const signs = new LifeSigns();
    expect(tasks.map((each, at) => signs.silence(each, at + 1))).not.toContain(true);
  });

  it('but not when anything else was heard meanwhile', () => {
    const signs = new LifeSigns();
    signs.silence(task(1, 'a'), 10);
    signs.silence(task(2, 'b'), 11);
    signs.heard(12);
    expect([signs.silence(task(3, 'c'), 12), signs.silence(task(3, 'c'), 13)]).toEqual([false, false]);
    expect([signs.silence(task(2, 'b'), 14), signs.silence(task(1, 'a'), 15)]).toEqual([false, true]);
  });
});
