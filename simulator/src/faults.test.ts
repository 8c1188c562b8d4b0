import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from './simulator.ts';
import { DiscordUser, Listener, type Posted } from './testing/discord-user.ts';

let simulator: Simulator;
let user: DiscordUser;
let bot: Listener;

beforeAll(async () => {
  simulator = await startSimulator({ drawMs: 0, imageSize: 32 });
  user = new DiscordUser(simulator);
  bot = await Listener.identified(simulator, user.account.botToken);
});

afterEach(() => user.control('DELETE', '/faults'));

afterAll(async () => {
  await bot.end();
  await simulator.close();
});

const fault = (rule: object) => user.control('POST', '/faults', { times: 1, ...rule });
const onInteractions = { match: { path: '/interactions' } };
const done = (text: string) => (message: Posted) =>
  message.content.includes(text) && /(?<!%\)) \(fast\)/.test(message.content);

async function jobs(prompt: string): Promise<Record<string, string>[]> {
  return (await user.jobs()).filter((job) => job.prompt === prompt);
}

describe('faults of requests', () => {
  it('a status is answered as often as asked and nothing happens', async () => {
    await fault({ kind: 'status', status: 503, code: 7, message: 'later', ...onInteractions });
    const { answer } = await user.imagine('unlucky');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ message: 'later', code: 7 });
    expect(await jobs('unlucky')).toEqual([]);
    expect((await user.imagine('lucky')).answer.status).toBe(204);
  });

  it('a rate limit says how long to wait and whether it is global', async () => {
    await fault({ kind: 'rate_limit', retryAfter: 1.5, global: true, ...onInteractions });
    const { answer } = await user.imagine('too fast');
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(answer.headers.get('x-ratelimit-global')).toBe('true');
    expect(await answer.json()).toEqual({
      message: 'You are being rate limited.',
      retry_after: 1.5,
      global: true,
    });
  });

  it('a reset before comes without effect, a reset after with it', async () => {
    await fault({ kind: 'reset_before', match: { promptContains: 'cut short' } });
    await expect(user.imagine('cut short')).rejects.toThrow();
    expect(await jobs('cut short')).toEqual([]);
    await fault({ kind: 'reset_after', match: { promptContains: 'cut late' } });
    await expect(user.imagine('cut late')).rejects.toThrow();
    await bot.message(done('cut late'));
  });

  it('no answer comes, with or without effect', async () => {
    await fault({ kind: 'no_answer', match: { method: 'get', path: '/users/@me' } });
    const unanswered = fetch(`${simulator.apiUrl}/v9/users/@me`, {
      headers: { authorization: user.account.userToken },
      signal: AbortSignal.timeout(150),
    });
    await expect(unanswered).rejects.toThrow(/timeout/);
    expect((await user.fetch('/users/@me')).status).toBe(200);
  });

  it('strikes only the account, method and path that it names', async () => {
    await fault({ kind: 'status', status: 500, match: { account: '1', path: '/users' } });
    await fault({ kind: 'status', status: 500, match: { method: 'POST', path: '/users' } });
    expect((await user.fetch('/users/@me')).status).toBe(200);
    await fault({ kind: 'status', status: 500, match: { account: user.account.userId, path: '/users' } });
    expect((await user.fetch('/users/@me')).status).toBe(500);
  });
});

describe('faults of jobs', () => {
  it('one that never starts is taken and then nothing is heard of it', async () => {
    await fault({ kind: 'never_start' });
    expect((await user.imagine('silence')).answer.status).toBe(204);
    await user.imagine('noise');
    await bot.message(done('noise'));
    expect(bot.messages('MESSAGE_CREATE').filter(({ content }) => content.includes('silence'))).toEqual([]);
    expect(await jobs('silence')).toMatchObject([{ state: 'never_started' }]);
  });

  it('a refusal has the text asked for, for all or for its user alone', async () => {
    const person = await user.listen();
    await fault({ kind: 'refuse', title: 'Blocked', description: 'No more.', as: 'answer' });
    await user.imagine('refuse me');
    const seen = await bot.message(({ embeds }) => embeds[0]?.title === 'Blocked');
    expect(seen.embeds[0]).toMatchObject({ description: 'No more.', footer: { text: '/imagine refuse me' } });
    await fault({ kind: 'refuse', title: 'Secret', description: 'Psst.' });
    await user.imagine('refuse me quietly');
    await person.message(({ embeds }) => embeds[0]?.title === 'Secret');
    expect(bot.messages('MESSAGE_CREATE').filter(({ embeds }) => embeds[0]?.title === 'Secret')).toEqual([]);
    await person.end();
  });

  it('never started, of which Discord says after three seconds that it was not answered', async () => {
    const person = await user.listen();
    await fault({ kind: 'never_start', match: { promptContains: 'unanswered' } });
    const { nonce } = await user.imagine('unanswered');
    const failure = await person.event('INTERACTION_FAILURE', (data) => data.nonce === nonce);
    expect(failure.reason_code).toBe(2);
    await person.end();
  });

  it('stopped, deleted and stalled midway', async () => {
    await fault({ kind: 'stop_midway', match: { promptContains: 'stop me' } });
    await fault({ kind: 'delete_midway', match: { promptContains: 'delete me' } });
    await fault({ kind: 'stall_midway', match: { promptContains: 'stall me' } });
    for (const prompt of ['stop me', 'delete me', 'stall me']) await user.imagine(prompt);
    await bot.updated(({ content }) => /stop me .*\(Stopped\)$/.test(content));
    const doomed = await bot.message(({ content }) => content.includes('delete me'));
    await bot.event('MESSAGE_DELETE', ({ id }) => id === doomed.id);
    await bot.updated(({ content }) => content.includes('stall me'));
    expect(await jobs('delete me')).toMatchObject([{ state: 'deleted' }]);
    expect(await jobs('stall me')).toMatchObject([{ state: 'stopped', detail: 'stalled' }]);
  });

  it('a result edits the progress message instead of coming in one of its own', async () => {
    await fault({ kind: 'final_edit', match: { promptContains: 'in place' } });
    await user.imagine('in place');
    const waiting = await bot.message(({ content }) => content.includes('in place'));
    const final = await bot.updated(done('in place'));
    const edits = bot.messages('MESSAGE_UPDATE').filter(({ id }) => id === waiting.id);
    expect(edits.at(-1)).toMatchObject({ id: final.id, type: 20, attachments: [{}] });
    expect(JSON.stringify(edits.at(-1)?.components)).toContain('MJ::JOB::upsample::4::');
    expect(await jobs('in place')).toMatchObject([{ state: 'done', finalMessageId: waiting.id }]);
  });
});

describe('faults of events', () => {
  it('a missed event is sent to nobody', async () => {
    await fault({ kind: 'miss', match: { event: 'MESSAGE_CREATE', contentContains: '(fast)' } });
    await user.imagine('unseen');
    const waiting = await bot.message(({ content }) => content.includes('unseen'));
    await bot.event('MESSAGE_DELETE', ({ id }) => id === waiting.id);
    await user.imagine('seen');
    await bot.message(done('seen --v'));
    expect(bot.messages('MESSAGE_CREATE').some(done('unseen'))).toBe(false);
    expect(await jobs('unseen')).toMatchObject([{ state: 'done' }]);
  });

  it('a duplicated event comes twice, a delayed one later', async () => {
    await fault({ kind: 'duplicate', match: { event: 'MESSAGE_CREATE', contentContains: '(fast)' } });
    await fault({ kind: 'delay', ms: 100, match: { promptContains: 'tardy', event: 'MESSAGE_UPDATE' } });
    await user.imagine('twice');
    await bot.message(done('twice'));
    await user.imagine('tardy');
    await bot.updated(({ content }) => content.includes('tardy'));
    expect(bot.messages('MESSAGE_CREATE').filter(done('twice'))).toHaveLength(2);
    const order = bot.events.filter(({ data }) => JSON.stringify(data).includes('**tardy'));
    expect(order.at(-1)?.type).toBe('MESSAGE_UPDATE');
  });

  it('a reordered event comes after its successor', async () => {
    await fault({
      kind: 'reorder',
      match: { event: 'MESSAGE_CREATE', promptContains: 'swapped', contentContains: '(fast)' },
    });
    await user.imagine('swapped');
    const waiting = await bot.message(({ content }) => content.includes('swapped'));
    const picture = await bot.message(done('swapped'));
    const order = bot.events.filter(({ data }) => data.id === waiting.id || data.id === picture.id);
    expect(order.slice(-2).map(({ type }) => type)).toEqual(['MESSAGE_DELETE', 'MESSAGE_CREATE']);
  });
});

describe('the account as a whole', () => {
  const accountPath = () => `/accounts/${user.account.userId}`;

  it('refuses everything with one reason until it is restored', async () => {
    await user.control('POST', `${accountPath()}/refuse`, {
      title: 'Credits exhausted',
      description: 'Buy more.',
      as: 'answer',
    });
    await user.imagine('no money');
    await bot.message(({ embeds }) => embeds[0]?.title === 'Credits exhausted');
    await user.control('POST', `${accountPath()}/restore`);
    await user.imagine('money');
    await bot.message(done('money'));
    expect(await jobs('no money')).toMatchObject([{ state: 'refused', detail: 'Credits exhausted' }]);
  });

  it('asks for a human, on the user session alone, and starts nothing', async () => {
    const person = await user.listen();
    await user.control('POST', `${accountPath()}/verify`);
    const check = await person.event('INTERACTION_IFRAME_MODAL_CREATE');
    expect(check.custom_id).toMatch(/^MJ::iframe::[\w-]{80}$/);
    expect(check.title).toBe('Action required to continue');
    const { nonce } = await user.imagine('are you human');
    await person.event('INTERACTION_IFRAME_MODAL_CREATE', (data) => data.nonce === nonce);
    await person.end();
    await user.control('POST', `${accountPath()}/restore`);
    expect(bot.types()).not.toContain('INTERACTION_IFRAME_MODAL_CREATE');
    expect(await jobs('are you human')).toMatchObject([{ state: 'never_started' }]);
  });
});

describe('the control API', () => {
  it('lists and removes faults, and says what is wrong with a bad one', async () => {
    const { id } = await fault({ kind: 'miss' });
    expect((await user.control('GET', '/faults')).faults).toMatchObject([
      { id, kind: 'miss', times: 1, struck: 0 },
    ]);
    await user.control('DELETE', `/faults/${id}`);
    expect((await user.control('GET', '/faults')).faults).toEqual([]);
    expect(await fault({ kind: 'earthquake' })).toMatchObject({
      error: expect.stringContaining('unknown kind'),
    });
    expect(await fault({ kind: 'delay' })).toMatchObject({ error: 'ms must be a number of 0 or more' });
  });

  it('reports the load of an account, its sessions and its calls', async () => {
    const { accounts } = await user.control('GET', '/stats');
    expect(accounts).toMatchObject([
      { userId: user.account.userId, maxDrawing: expect.any(Number), sessions: [{ kind: 'bot' }] },
    ]);
    expect(JSON.stringify(accounts)).toContain('"POST /interactions":{"204":');
  });

  it('reset forgets jobs and faults', async () => {
    await fault({ kind: 'miss' });
    await user.control('POST', '/reset');
    expect(await user.jobs()).toEqual([]);
    expect((await user.control('GET', '/faults')).faults).toEqual([]);
  });
});
