import { describe, expect, it } from 'vitest';
import { inRounds } from './in-rounds.ts';

/** Doubles numbers, each round when the test lets it. */
function openDoubling(options?: Parameters<typeof inRounds<number, number>>[1]) {
  const rounds: { asked: number[]; answer(): void; fail(error: Error): void }[] = [];
  let begun = () => {};
  const double = inRounds<number, number>(
    (asked) =>
      new Promise((resolve, reject) => {
        rounds.push({ asked, answer: () => resolve(asked.map((n) => 2 * n)), fail: reject });
        begun();
      }),
    options,
  );
  const untilRounds = async (count: number) => {
    while (rounds.length < count) {
      await new Promise<void>((resolve) => {
        begun = resolve;
      });
    }
  };
  return { double, rounds, untilRounds };
}

describe('calls in rounds', () => {
  it('that come together, or while a round is under way, share the next one', async () => {
    const { double, rounds, untilRounds } = openDoubling();
    const first = [double(1), double(2)];
    await untilRounds(1);
    const second = [double(3), double(4), double(5)];
    expect(rounds.map(({ asked }) => asked)).toEqual([[1, 2]]);
    rounds[0]?.answer();
    expect(await Promise.all(first)).toEqual([2, 4]);
    await untilRounds(2);
    rounds[1]?.answer();
    expect(await Promise.all(second)).toEqual([6, 8, 10]);
    expect(rounds.map(({ asked }) => asked)).toEqual([
      [1, 2],
      [3, 4, 5],
    ]);
  });

  it('have at most so many in a round', async () => {
    const { double, rounds, untilRounds } = openDoubling({ most: 2 });
    const answers = Promise.all([double(1), double(2), double(3)]);
    await untilRounds(1);
    rounds[0]?.answer();
    await untilRounds(2);
    rounds[1]?.answer();
    expect(await answers).toEqual([2, 4, 6]);
    expect(rounds.map(({ asked }) => asked)).toEqual([[1, 2], [3]]);
  });

  it('of one lane do not wait for those of another', async () => {
    const { double, rounds, untilRounds } = openDoubling({ laneOf: (n) => n % 2 });
    const [odd, even] = [double(1), double(2)];
    await untilRounds(2);
    rounds[1]?.answer();
    expect(await even).toBe(4);
    rounds[0]?.answer();
    expect(await odd).toBe(2);
  });

  it('of a round that fails all fail, and the next round does not', async () => {
    const { double, rounds, untilRounds } = openDoubling();
    const failing = [double(1), double(2)].map((answer) => answer.catch((error: Error) => error.message));
    await untilRounds(1);
    const next = double(3);
    rounds[0]?.fail(new Error('out of order'));
    expect(await Promise.all(failing)).toEqual(['out of order', 'out of order']);
    await untilRounds(2);
    rounds[1]?.answer();
    expect(await next).toBe(6);
  });
});
