import { describe, expect, it } from 'vitest';
import { createTaskIds, isTaskId } from './task-id.ts';

describe('task ids', () => {
  it('are unique, of 10 to 19 digits, and grow, also within a millisecond and when the clock steps back', () => {
    let now = Date.UTC(2026, 10, 22);
    const nextId = createTaskIds(() => now, 7);
    const ids: string[] = [];
    for (const step of [0, 1, -5_000, 10]) {
      now += step;
      for (let i = 0; i < 5_000; i++) ids.push(nextId());
    }
    expect(ids.every(isTaskId)).toBe(true);
    expect(ids.every((id) => /^\d{10,19}$/.test(id))).toBe(true);
    expect(ids.every((id, i) => i === 0 || BigInt(id) > BigInt(ids[i - 1] ?? 0))).toBe(true);
  });

  it('differ between processes that make them in the same millisecond', () => {
    const now = () => Date.UTC(2026, 10, 22);
    expect(createTaskIds(now, 1)()).not.toBe(createTaskIds(now, 2)());
  });

  it.each(['', '123', 'abc1234567890', '0123456789', '99999999999999999999', '9999999999999999999'])(
    'refuses %j',
    (text) => {
      expect(isTaskId(text)).toBe(false);
    },
  );
});
