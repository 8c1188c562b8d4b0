import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTaskIds, firstTaskId, isTaskId, type TaskId, taskIdTime } from './task-id.ts';

const begin = Date.UTC(2026, 10, 22);

/** Makes as many ids as each step says, after the clock has moved by so many milliseconds. */
function idsOf(steps: { ms: number; count: number }[]): { ids: TaskId[]; latest: number } {
  let now = begin;
  let latest = now;
  const nextId = createTaskIds(() => now);
  const ids = steps.flatMap(({ ms, count }) => {
    now += ms;
    latest = Math.max(latest, now);
    return Array.from({ length: count }, nextId);
  });
  return { ids, latest };
}

describe('task ids', () => {
  const step = fc.record({
    ms: fc.integer({ min: -5_000, max: 5_000 }),
    count: fc.integer({ max: 300, min: 0 }),
  });

  it('are 16 digits that a JavaScript number holds, and grow, also when the clock steps back', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const { ids } = idsOf(steps);
        expect(
          ids.filter((id) => !isTaskId(id) || !/^\d{16}$/.test(id) || String(Number(id)) !== id),
        ).toEqual([]);
        expect(ids.filter((id, i) => i > 0 && Number(id) <= Number(ids[i - 1]))).toEqual([]);
      }),
    );
  });

  it('say when they were made, after the first of that time', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 20 }), (waits) => {
        const { ids, latest } = idsOf(waits.map((ms) => ({ ms, count: 50 })));
        const last = ids.at(-1) ?? ids[0];
        expect(last && taskIdTime(last)).toEqual(new Date(latest));
        expect(ids.filter((id) => Number(id) < Number(firstTaskId(taskIdTime(id))))).toEqual([]);
        expect(Number(last)).toBeLessThan(Number(firstTaskId(new Date(latest + 1))));
      }),
    );
  });

  it('continue in the next millisecond when there are more than fit, of which none is lost', () => {
    const { ids } = idsOf([{ ms: 0, count: 2_500 }]);
    expect(new Set(ids).size).toBe(2_500);
    expect(taskIdTime(ids[2_499] as TaskId).getTime() - begin).toBeLessThanOrEqual(3);
  });

  it('begin each millisecond anywhere, with room for a hundred', () => {
    const starts = idsOf(Array.from({ length: 2_000 }, () => ({ ms: 1, count: 1 }))).ids.map(
      (id) => Number(id) % 1_000,
    );
    expect(new Set(starts).size).toBeGreaterThan(500);
    expect(Math.max(...starts)).toBeLessThan(900);
  });

  it.each([
    '',
    '123',
    'abc1234567890',
    '0123456789',
    '9007199254740992',
    '17673228000001230',
    '9999999999999999999',
    '99999999999999999999',
  ])('refuses %j', (text) => {
    expect(isTaskId(text)).toBe(false);
  });

  it.each(['1234567890', '1767322800000123', '9007199254740991'])('accepts %j', (text) => {
    expect(isTaskId(text)).toBe(true);
  });
});
