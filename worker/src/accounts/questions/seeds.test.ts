import { describe, expect, it } from 'vitest';
import { aMessage } from '../../discord/message.fixture.ts';
import { Seeds } from './seeds.ts';

const job = (digit: number) => `39d7cf9f-c2f0-4adf-a124-00000000000${digit}`;
const answer = (digit: number, seed: number) =>
  aMessage({ content: `**a cat**\n**Job ID**: ${job(digit)}\n**seed** ${seed}` });
const picture = (digit: number) => ({ messageId: String(digit), jobId: job(digit) });

describe('Seeds', () => {
  it('takes the answer that names its job, and no other', async () => {
    const seeds = new Seeds({
      react: async () => {
        seeds.hear(answer(2, 222));
        seeds.hear(aMessage({ content: 'Welcome!' }));
        seeds.hear(answer(1, 111));
        return true;
      },
    });
    expect(await seeds.ask(picture(1), new AbortController().signal)).toBe(111);
    // It came unasked, and is not kept for later callers.
    seeds.hear(answer(3, 333));
  });

  it('says that the message is gone', async () => {
    const seeds = new Seeds({ react: async () => false });
    expect(await seeds.ask(picture(1), new AbortController().signal)).toBeUndefined();
  });

  it('asks for one after the other, with a gap', async () => {
    const reacted: [string, number][] = [];
    const seeds = new Seeds({
      react: async (messageId) => {
        reacted.push([messageId, Date.now()]);
        seeds.hear(answer(Number(messageId), Number(messageId)));
        return true;
      },
    });
    const { signal } = new AbortController();
    expect(await Promise.all([seeds.ask(picture(1), signal), seeds.ask(picture(2), signal)])).toEqual([1, 2]);
    const [[, first = 0] = [], [, second = 0] = []] = reacted;
    expect(reacted.map(([messageId]) => messageId)).toEqual(['1', '2']);
    expect(second - first).toBeGreaterThanOrEqual(2_900);
  });

  it('stops with its session', async () => {
    const stopping = new AbortController();
    const seeds = new Seeds({ react: async () => true });
    const asked = seeds.ask(picture(1), stopping.signal);
    stopping.abort(new Error('stopped'));
    await expect(asked).rejects.toThrow();
  });
});
