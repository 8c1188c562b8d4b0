import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../simulator.ts';
import { DiscordUser, Listener, type Posted } from '../../testing/discord-user.ts';

let simulator: Simulator;
let user: DiscordUser;
let bot: Listener;
let person: Listener;

beforeAll(async () => {
  simulator = await startSimulator({ drawMs: 0, imageSize: 32 });
  user = new DiscordUser(simulator);
  bot = await Listener.identified(simulator, user.account.botToken);
  person = await user.listen();
});
afterEach(() => user.control('POST', `/accounts/${user.account.userId}/restore`));
afterAll(async () => {
  await Promise.all([bot.end(), person.end()]);
  await simulator.close();
});

const restrict = (how: 'verify' | 'refuse', body: object = {}) =>
  user.control('POST', `/accounts/${user.account.userId}/${how}`, body);
const drawn = (prompt: string) =>
  bot.message(({ content }) => content.includes(prompt) && / \(fast\)/.test(content));
const condition = async () => {
  const { accounts } = (await user.control('GET', '/stats')) as { accounts: { condition: string }[] };
  return accounts[0]?.condition;
};

/** The answer, for its user alone, to a prompt that is not drawn. */
async function refused(prompt: string): Promise<Posted> {
  const { nonce } = await user.imagine(prompt);
  return person.message((message) => message.nonce === nonce);
}

describe('a human check', () => {
  const hashIn = (frame: Record<string, unknown>) => String(frame.custom_id).slice('MJ::iframe::'.length);

  async function check(): Promise<{ hash: string; page: string; token: string }> {
    const { nonce } = await user.imagine('a robot');
    const frame = await person.event('INTERACTION_IFRAME_MODAL_CREATE', (data) => data.nonce === nonce);
    expect(frame).toMatchObject({
      title: 'Action required to continue',
      application: { id: '936929561302675456' },
    });
    const asked = hashIn(frame);
    const answer = await fetch(
      `${simulator.discordSaysUrl}/936929561302675456/captcha/api/c/${asked}/ack?hash=1`,
    );
    const { hash, token } = (await answer.json()) as { hash: string; token: string };
    const query = new URLSearchParams({ hash, token });
    return { hash, token, page: `${simulator.editorUrl}/captcha/challenge/index.html?${query}` };
  }

  it('ends when a person presses the button of its page', async () => {
    await restrict('verify');
    const { hash, token, page } = await check();
    const shown = await (await fetch(page)).text();
    expect(shown).toContain('I am human');
    const action = /action="([^"]+)"/.exec(shown)?.[1] ?? '';
    expect(new URL(action, page).href).toBe(`${simulator.editorUrl}/captcha/api/c/${hash}/submit`);
    expect(await condition()).toBe('human_check');

    const passed = await fetch(new URL(action, page), {
      method: 'POST',
      body: new URLSearchParams({ token }),
    });
    expect(await passed.text()).toContain('Thank you');
    expect(await condition()).toBe('ready');
    await user.imagine('a person');
    await drawn('a person');
    expect((await fetch(page)).status).toBe(404);
  });

  it('cannot be passed with another token', async () => {
    await restrict('verify');
    const { hash } = await check();
    const guess = new URLSearchParams({ token: 'guess' });
    const answer = await fetch(`${simulator.editorUrl}/captcha/api/c/${hash}/submit`, {
      method: 'POST',
      body: guess,
    });
    expect(answer.status).toBe(404);
    expect(await condition()).toBe('human_check');
  });

  it('that nobody was asked has no page', async () => {
    for (const path of ['/captcha/api/c/unknown/ack?hash=1', '/captcha/api/c/unknown/ack']) {
      const answer = await fetch(simulator.discordSaysUrl + path);
      expect({ status: answer.status, body: await answer.json() }).toEqual({
        status: 404,
        body: { detail: 'Captcha not found or expired' },
      });
    }
  });

  it('comes before the region editor', async () => {
    await user.imagine('an arch --v 7');
    await user.press(await drawn('an arch'), 'upsample::1::');
    const single = await bot.message(({ content }) => content.includes('Image #1'));
    await restrict('verify');
    const { nonce } = await user.press(single, 'Inpaint::');
    const frame = await person.event('INTERACTION_IFRAME_MODAL_CREATE', (data) => data.nonce === nonce);
    expect(frame.title).toBe('Action required to continue');
  });
});

describe('a block', () => {
  it.each([
    ['blocked_for', 7200, /blocked from accessing Midjourney for 2 hour /],
    ['blocked_for', 300, /blocked from accessing Midjourney for 5 minute /],
    ['blocked_for', 172_800, /blocked from accessing Midjourney for 2 day /],
    ['temporarily_blocked', 90, /temporarily blocked .*<t:\d+:R>$/],
    ['pending_mod_message', 1800, /acknowledge it.*for 30 minute /s],
  ])('%s for %d seconds says when it ends', async (notice, seconds, text) => {
    const blocked = await restrict('refuse', { notice, seconds });
    const refusal = await refused(`a cat ${notice}`);
    expect(refusal).toMatchObject({ flags: 64, embeds: [{ description: expect.stringMatching(text) }] });
    const until = (blocked.condition as { refusal: { until: number } }).refusal.until;
    expect(Math.round((until - Date.now()) / 10_000)).toBe(Math.round(seconds / 10));
    const named = /<t:(\d+):R>/.exec(refusal.embeds[0]?.description ?? '')?.[1];
    if (named) expect(Number(named)).toBe(Math.ceil(until / 1000));
  });

  it('is over at its end', async () => {
    await restrict('refuse', { notice: 'temporarily_blocked', seconds: 0.2 });
    await refused('too early');
    expect(await condition()).toBe('refused');
    await expect.poll(condition).toBe('ready');
    await user.imagine('early enough');
    await drawn('early enough');
  });

  it('in words of a test may have an end too', async () => {
    await restrict('refuse', { title: 'Blocked', description: 'Wait.', seconds: 0 });
    expect(await condition()).toBe('ready');
    await restrict('refuse', { title: 'Blocked', description: 'Wait.' });
    expect(await condition()).toBe('refused');
  });

  it('with a pending message ends when that is acknowledged', async () => {
    await restrict('refuse', { notice: 'pending_mod_message', seconds: 3600 });
    const notice = await refused('a quarrel');
    await user.press(notice, 'Moderation::Acknowledge');
    const read = await person.updated(({ id }) => id === notice.id);
    expect(read.components).toEqual([]);
    await user.imagine('a truce');
    await drawn('a truce');
  });
});
