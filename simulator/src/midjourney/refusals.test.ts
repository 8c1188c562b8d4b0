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
    ['a cat --ar wide', 'Invalid parameter', 15548997],
    ['--ar 3:2', 'Invalid prompt', 15548997],
    ['a cat --niji 6 --v 6', 'Invalid parameter', undefined],
    ['a forbiddenword cat', 'Banned prompt detected', 16711680],
  ])('"%s" is answered to its user alone: %s', async (prompt, title, color) => {
    const { nonce, answer } = await user.imagine(prompt);
    expect(answer.status).toBe(204);
    const refusal = await person.message((message) => message.nonce === nonce);
    expect(refusal).toMatchObject({ type: 20, flags: 64, interaction_metadata: { name: 'imagine' } });
    expect(refusal.embeds[0]).toMatchObject({ title, footer: { text: `/imagine ${prompt}` } });
    expect(refusal.embeds[0]?.color).toBe(color);
    expect(await jobOf(prompt)).toMatchObject([{ state: 'refused', detail: title }]);
    expect(bot.messages('MESSAGE_CREATE').map(({ id }) => id)).not.toContain(refusal.id);
  });

  it.each([
    ['a cat --foo 1', 'Invalid parameter\nUnrecognized parameter(s): `--foo`', []],
    ['https://example.com/page a cat', '', [{ title: 'Invalid link!' }]],
  ])('"%s" is refused in a reply to its own first message', async (prompt, content, embeds) => {
    const { nonce } = await user.imagine(prompt);
    const waiting = await person.message((message) => message.nonce === nonce);
    expect(waiting.content).toMatch(/\(Waiting to start\)$/);
    const refusal = await bot.message(
      ({ message_reference }) => message_reference?.message_id === waiting.id,
    );
    expect(refusal).toMatchObject({ type: 19, flags: 0, content, embeds });
    for (const part of ['nonce', 'interaction_metadata']) expect(refusal).not.toHaveProperty(part);
    for (const part of ['color', 'footer']) expect(refusal.embeds[0] ?? {}).not.toHaveProperty(part);
    await expect.poll(() => jobOf(prompt)).toMatchObject([{ state: 'refused' }]);
  });

  it.each([
    ['https://example.com/a.png moving --video --turbo', 'Invalid parameter'],
    ['a cat::2 a dog', 'Invalid prompt'],
  ])('"%s" is refused in an empty message that comes first', async (prompt, title) => {
    const { nonce } = await user.imagine(prompt);
    const first = await person.message((message) => message.nonce === nonce);
    expect(first).toMatchObject({ type: 20, flags: 128, content: '' });
    const refusal = await bot.updated(({ id }) => id === first.id);
    expect(refusal).toMatchObject({ flags: 0, content: '', embeds: [{ title }] });
    expect(refusal.embeds[0]?.footer?.text).toBe(`/imagine ${prompt}`);
    expect(refusal.embeds[0]).not.toHaveProperty('color');
  });

  it('of turbo for a video comes for its button, too', async () => {
    await user.imagine('soon in motion --v 8.1');
    const grid = await bot.message(isDone('soon in motion'));
    await user.press(grid, 'upsample::3::');
    const pick = await bot.message(({ content }) => /soon in motion.*Image #3/.test(content));
    await user.control('POST', `/accounts/${user.account.userId}/settings`, { speed: 'turbo' });
    const { nonce } = await user.press(pick, 'animate_low::');
    const first = await person.message((message) => message.nonce === nonce);
    const refusal = await bot.updated(({ id }) => id === first.id);
    expect(refusal.embeds[0]?.description).toBe("Turbo mode isn't supported for video jobs");
    await user.control('POST', `/accounts/${user.account.userId}/settings`, { speed: 'fast' });
  });

  it('comes in any other form that a test wishes for', async () => {
    const wish = (prompt: string, change: object) =>
      user.control('POST', '/faults', { kind: 'refuse_as', match: { promptContains: prompt }, ...change });
    await wish('in the open', { as: 'answer', color: 16711680, footer: null });
    await user.imagine('in the open gorefest');
    const open = await bot.message(({ embeds }) => /gorefest/.test(embeds[0]?.description ?? ''));
    expect(open).toMatchObject({ type: 20, flags: 0, embeds: [{ color: 16711680 }] });

    await wish('as an edit', { as: 'edit', title: null, color: null });
    const { nonce } = await user.imagine('as an edit bloodbath');
    const waiting = await person.message((message) => message.nonce === nonce);
    const edited = await bot.updated(({ id }) => id === waiting.id);
    expect(edited).toMatchObject({ content: '', components: [] });
    expect(Object.keys(edited.embeds[0] ?? {})).toEqual(['type', 'description', 'footer']);

    await wish('as words', { as: 'answer', plain: true });
    await user.imagine('as words forbiddenword');
    await bot.message(({ content }) =>
      content.startsWith('Banned prompt detected\nThe word `forbiddenword`'),
    );
  });

  it('of a command in text is an edit of its empty first message', async () => {
    const { nonce } = await user.command('shorten', [{ type: 3, name: 'prompt', value: 'a cat --nonsense' }]);
    const first = await person.message((message) => message.nonce === nonce);
    expect(first).toMatchObject({ flags: 128, content: '' });
    const edited = await bot.updated(({ id }) => id === first.id);
    expect(edited.content).toContain('Unrecognized parameter(s): `--nonsense`');
  });

  it('may be appealed: it is then drawn', async () => {
    const { nonce } = await user.imagine('a borderlineword cat');
    const refusal = await person.message((message) => message.nonce === nonce);
    expect(refusal).toMatchObject({ flags: 64, embeds: [{ title: 'Action needed to continue' }] });
    await user.press(refusal, 'MJ::Prompts::Appeal::');
    await bot.message(isDone('a borderlineword cat'));
  });
});

describe('an account that Midjourney restricts', () => {
  const refuse = (body: object) => user.control('POST', `/accounts/${user.account.userId}/refuse`, body);

  it.each([
    ['blocked', 'You are blocked.', 16711680],
    ['temporarily_blocked', 'Temporarily blocked', 16711680],
    ['pending_mod_message', 'Pending mod message', undefined],
    ['human_check', 'Action needed to continue', 16776960],
  ])('%s: is answered so whatever it asks for, until it is restored', async (notice, title, color) => {
    await refuse({ notice, ...(color === undefined && { color: null }) });
    const { nonce } = await user.imagine(`while ${notice}`);
    const refusal = await person.message((message) => message.nonce === nonce);
    expect(refusal).toMatchObject({ flags: 64, embeds: [{ title }] });
    expect(refusal.embeds[0]?.color).toBe(color);
    await user.control('POST', `/accounts/${user.account.userId}/restore`);
    await user.imagine(`after ${notice}`);
    await bot.message(isDone(`after ${notice}`));
  });

  it('draws again when the message is acknowledged', async () => {
    await refuse({ notice: 'pending_mod_message' });
    const { nonce } = await user.imagine('resubmitted');
    const refusal = await person.message((message) => message.nonce === nonce);
    expect(refusal.embeds[0]?.description).toContain('blocked from accessing Midjourney for 1 hour');
    const again = await user.press(refusal, 'MJ::Moderation::Resubmit::');
    const still = await person.message((message) => message.nonce === again.nonce);
    expect(still).toMatchObject({ flags: 64, embeds: [{ title: 'Pending mod message' }] });
    await user.press(still, 'MJ::Moderation::Acknowledge::');
    await person.updated(({ id, components }) => id === still.id && components.length === 0);
    await user.imagine('acknowledged');
    await bot.message(isDone('acknowledged'));
  });

  it('a notice that there is none of is refused with those that there are', async () => {
    expect(await refuse({ notice: 'eaten' })).toMatchObject({ error: expect.stringContaining('blocked') });
  });
});

describe('a softly moderated drawing', () => {
  it('is its user’s alone from the first message on', async () => {
    const { nonce } = await user.imagine('a softlymoderated cat');
    const waiting = await person.message((message) => message.nonce === nonce);
    expect(waiting.flags).toBe(64);
    await person.updated(({ id, flags }) => id === waiting.id && flags === 64);
    const picture = await person.message(isDone('a softlymoderated cat'));
    expect(picture).toMatchObject({ type: 19, flags: 64, message_reference: { message_id: waiting.id } });
    await person.event('MESSAGE_DELETE', ({ id }) => id === waiting.id);
    expect(bot.messages('MESSAGE_CREATE').some(({ content }) => content.includes('softlymoderated'))).toBe(
      false,
    );
    await user.press(picture, 'upsample::1::');
    const pick = await person.message(({ content }) => content.includes('Image #1 <@'));
    expect(pick.flags).toBe(64);
  });

  it('or only in its picture, whose progress everybody saw', async () => {
    await user.imagine('a softlyhidden cat');
    const waiting = await bot.message(({ content }) => content.includes('softlyhidden'));
    await bot.event('MESSAGE_DELETE', ({ id }) => id === waiting.id);
    const picture = await person.message(isDone('a softlyhidden cat'));
    expect(picture).toMatchObject({ flags: 64, message_reference: { message_id: waiting.id } });
    expect(picture.referenced_message).toMatchObject({ id: waiting.id });
    expect(bot.messages('MESSAGE_CREATE').filter(isDone('softlyhidden'))).toEqual([]);
  });

  it('is asked for by a fault, too', async () => {
    await user.control('POST', '/faults', { kind: 'private', from: 'start', times: 1 });
    const { nonce } = await user.imagine('for my eyes only');
    expect((await person.message((message) => message.nonce === nonce)).flags).toBe(64);
  });
});

describe('a moderated prompt', () => {
  it('is stopped midway, or vanishes, or never starts', async () => {
    await user.imagine('a cat stopmidway');
    await bot.updated(({ content }) => content.endsWith('(Stopped)'));
    await user.imagine('a cat vanishmidway');
    const vanishing = await bot.message(({ content }) => content.includes('vanishmidway'));
    await bot.event('MESSAGE_DELETE', ({ id }) => id === vanishing.id);
    for (const [word, title] of [
      ['filteredmidway', 'Request cancelled due to output filters'],
      ['brokenmidway', 'Sorry, something went wrong'],
    ]) {
      await user.imagine(`a cat ${word}`);
      const begun = await bot.updated(({ content }) => content.includes(`${word}`));
      const refusal = await bot.message(
        ({ message_reference }) => message_reference?.message_id === begun.id,
      );
      expect(refusal.embeds).toMatchObject([{ title }]);
      expect(await jobOf(`a cat ${word}`)).toMatchObject([{ state: 'refused', detail: title }]);
    }
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

  it('under a job that Midjourney no longer knows are answered with a private reply', async () => {
    await user.imagine('soon forgotten');
    const grid = await bot.message(isDone('soon forgotten'));
    await user.control('POST', '/jobs/forget');
    await user.press(grid, 'upsample::2::');
    const refusal = await person.message(({ embeds }) => embeds[0]?.title === 'Job action restricted');
    expect(refusal).toMatchObject({ type: 19, flags: 64, message_reference: { message_id: grid.id } });
  });
});
