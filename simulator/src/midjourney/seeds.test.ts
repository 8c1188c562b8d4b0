import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../simulator.ts';
import { DiscordUser, Listener, type Posted } from '../testing/discord-user.ts';

const midjourneyId = '936929561302675456';

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

afterAll(async () => {
  await Promise.all([bot.end(), person.end()]);
  await simulator.close();
});

async function drawn(prompt: string): Promise<Posted> {
  await user.imagine(prompt);
  return person.message(({ content }) => content.includes(prompt) && /\(fast\)/.test(content));
}

/** As clients of Discord do it. */
async function react(message: Posted): Promise<void> {
  const path = `/channels/${message.channel_id}/messages/${message.id}/reactions/%E2%9C%89%EF%B8%8F/%40me`;
  const answer = await fetch(`${simulator.apiUrl}/v9${path}?location=Message&type=0`, {
    method: 'PUT',
    headers: { authorization: user.account.userToken },
  });
  expect(answer.status).toBe(204);
}

const seedOf = (jobId: string) =>
  person.message(({ content }) => content.includes(`**Job ID**: ${jobId}\n**seed** `));

describe('an envelope on a picture', () => {
  it('brings its seed in direct messages, which nobody else sees', async () => {
    const grid = await drawn('a numbered fox --seed 4294967295');
    await react(grid);
    const [job] = await user.jobs();
    const answer = await seedOf(job?.id ?? '');
    expect(answer).toMatchObject({
      content: `**a numbered fox --seed 4294967295 --v 8.2**\n**Job ID**: ${job?.id}\n**seed** 4294967295`,
      author: { id: midjourneyId },
      flags: 0,
    });
    expect(answer).not.toHaveProperty('guild_id');
    const channel = await person.event('CHANNEL_CREATE', ({ id }) => id === answer.channel_id);
    expect(channel).toMatchObject({ type: 1, recipients: [{ id: midjourneyId }] });
    expect(bot.messages('MESSAGE_CREATE').some(({ content }) => content.includes('**seed**'))).toBe(false);
    const history = await user.get(`/channels/${answer.channel_id}/messages`);
    expect(history).toMatchObject([{ id: answer.id }]);
  });

  it('on a pick brings that of its grid', async () => {
    const grid = await drawn('a numbered hare --seed 77');
    await user.press(grid, 'upsample::2::');
    const pick = await person.message(({ content }) => /a numbered hare.*Image #2/.test(content));
    await react(pick);
    const hash = pick.attachments[0]?.filename.split('_').at(-1)?.split('.')[0] ?? '';
    expect((await seedOf(hash)).content).toMatch(/\*\*seed\*\* 77$/);
  });

  it('works on an old picture that was shown in direct messages', async () => {
    await drawn('an old owl --seed 5');
    const job = (await user.jobs()).find(({ prompt }) => prompt?.includes('an old owl'));
    const opened = await user.post('/users/@me/channels', { recipients: [midjourneyId] });
    const channel = (await opened.json()) as { id: string };
    const { answer, nonce } = await user.command('show', [{ type: 3, name: 'job_id', value: job?.id }], {
      channel_id: channel.id,
      guild_id: undefined,
    });
    expect(answer.status).toBe(204);
    const shown = await person.message((message) => message.nonce === nonce);
    expect(shown).toMatchObject({ channel_id: channel.id });
    expect(bot.messages('MESSAGE_CREATE').some(({ id }) => id === shown.id)).toBe(false);
    await react(shown);
    expect((await seedOf(job?.id ?? '')).content).toMatch(/\*\*seed\*\* 5$/);
  });
});
