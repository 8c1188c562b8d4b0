import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../simulator.ts';
import { DiscordUser, Listener, type Posted } from '../testing/discord-user.ts';

let simulator: Simulator;
let user: DiscordUser;
let bot: Listener;
let person: Listener;

beforeAll(async () => {
  simulator = await startSimulator({
    drawMs: 0,
    imageSize: 32,
    accounts: [{ concurrency: 2, queueSize: 1 }],
  });
  user = new DiscordUser(simulator);
  bot = await Listener.identified(simulator, user.account.botToken);
  person = await user.listen();
});

afterAll(async () => {
  await Promise.all([bot.end(), person.end()]);
  await simulator.close();
});

const isDone = (text: string) => (message: Posted) =>
  message.content.includes(text) && /\((fast)\)|Image #/.test(message.content);
const jobOf = async (prompt: string) => (await user.jobs()).filter((job) => job.prompt === prompt);

describe('a refused prompt', () => {
  it.each([
    ['a cat --foo 1', 'Invalid parameter'],
    ['a cat --ar wide', 'Invalid parameter'],
    ['--ar 3:2', 'Invalid prompt'],
    ['a forbiddenword cat', 'Banned prompt detected'],
    ['https://example.com/page a cat', 'Invalid link'],
  ])('"%s" is answered in the open: %s', async (prompt, title) => {
    const { nonce, answer } = await user.imagine(prompt);
    expect(answer.status).toBe(204);
    const refusal = await bot.message(({ embeds }) => embeds[0]?.footer?.text === `/imagine ${prompt}`);
    expect(refusal).toMatchObject({ type: 20, flags: 0, embeds: [{ title, color: 16711680 }] });
    const { id } = await person.event('INTERACTION_CREATE', (data) => data.nonce === nonce);
    expect(refusal.interaction_metadata?.id).toBe(id);
    expect(await jobOf(prompt)).toMatchObject([{ state: 'refused', detail: title }]);
  });
});

describe('a moderated prompt', () => {
  it('is stopped midway, or vanishes, or never starts', async () => {
    await user.imagine('a cat stopmidway');
    await bot.updated(({ content }) => content.endsWith('(Stopped)'));
    await user.imagine('a cat vanishmidway');
    const vanishing = await bot.message(({ content }) => content.includes('vanishmidway'));
    await bot.event('MESSAGE_DELETE', ({ id }) => id === vanishing.id);
    const { nonce } = await user.imagine('a cat neverstart');
    await user.imagine('a harmless cat');
    await bot.message(isDone('a harmless cat'));
    expect(await jobOf('a cat stopmidway')).toMatchObject([{ state: 'stopped' }]);
    expect(await jobOf('a cat vanishmidway')).toMatchObject([{ state: 'deleted' }]);
    expect(await jobOf('a cat neverstart')).toMatchObject([{ state: 'never_started', messageIds: [] }]);
    await person.event('INTERACTION_FAILURE', (data) => data.nonce === nonce);
  });
});

describe('more jobs than the account may have', () => {
  it('wait in a queue, and are refused when that is full, both seen by the user alone', async () => {
    await user.control('POST', '/faults', { kind: 'slow', drawMs: 300, times: 2 });
    for (const prompt of ['busy one', 'busy two', 'in the queue', 'one too many']) await user.imagine(prompt);
    await person.message(({ embeds }) => embeds[0]?.title === 'Job queued');
    const full = await person.message(({ embeds }) => embeds[0]?.title === 'Queue full');
    expect(full.flags).toBe(64);
    await bot.message(isDone('in the queue'));
    expect(
      bot.messages('MESSAGE_CREATE').filter(({ embeds }) => /Queue|queued/.test(embeds[0]?.title ?? '')),
    ).toEqual([]);
    const queued = (await jobOf('in the queue'))[0];
    const first = (await jobOf('busy one'))[0];
    expect(Number(queued?.startedAt)).toBeGreaterThanOrEqual(Number(first?.finishedAt));
    expect(await jobOf('one too many')).toMatchObject([{ state: 'refused', detail: 'Queue full' }]);
    const { accounts } = await user.control('GET', '/stats');
    expect(accounts).toMatchObject([{ maxDrawing: 2, maxOpen: 3 }]);
  });
});

describe('buttons', () => {
  it('the cancel button stops a job that is being drawn, and cannot be pressed on a finished one', async () => {
    await user.control('POST', '/faults', { kind: 'slow', drawMs: 60_000, times: 1 });
    await user.imagine('cancel me');
    const waiting = await bot.message(({ content }) => content.includes('cancel me'));
    await user.press(waiting, 'MJ::CancelJob::ByJobid::');
    const stopped = await bot.updated(({ id }) => id === waiting.id);
    expect(stopped.content).toMatch(/\(Stopped\)$/);
    expect(await jobOf('cancel me')).toMatchObject([{ state: 'cancelled' }]);
    const again = await user.press(waiting, 'MJ::CancelJob::ByJobid::');
    expect(await again.answer.json()).toMatchObject({ code: 50035 });
  });

  it('a pick may be taken twice', async () => {
    await user.imagine('picked twice');
    const grid = await bot.message(isDone('picked twice'));
    await user.press(grid, 'upsample::1::');
    await user.press(grid, 'upsample::1::');
    await expect
      .poll(
        () => bot.messages('MESSAGE_CREATE').filter(({ content }) => content.includes('Image #1 <@')).length,
      )
      .toBe(2);
  });

  it('under a job that Midjourney no longer knows are answered with a reply', async () => {
    await user.imagine('soon forgotten');
    const grid = await bot.message(isDone('soon forgotten'));
    await user.control('POST', '/jobs/forget');
    await user.press(grid, 'upsample::2::');
    const refusal = await bot.message(({ embeds }) => embeds[0]?.title === 'Job action restricted');
    expect(refusal).toMatchObject({ type: 19, message_reference: { message_id: grid.id } });
  });
});
