import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../simulator.ts';
import { DiscordUser, type Listener } from '../testing/discord-user.ts';

let simulator: Simulator;
let user: DiscordUser;
let person: Listener;

beforeAll(async () => {
  simulator = await startSimulator({ drawMs: 0, imageSize: 32 });
  user = new DiscordUser(simulator);
  person = await user.listen();
});

afterAll(async () => {
  await person.end();
  await simulator.close();
});

/** What a command is answered in the end, after the empty message that comes at once. */
async function answerTo(name: string, options: Record<string, unknown>[] = []) {
  const { nonce } = await user.command(name, options);
  const loading = await person.message((message) => message.nonce === nonce);
  expect(loading).toMatchObject({ flags: 192, content: '' });
  return person.updated(({ id }) => id === loading.id);
}

async function drawnWith(prompt: string): Promise<string> {
  await user.imagine(prompt);
  const done = ({ content }: { content: string }) => content.includes(prompt) && !/%|Waiting/.test(content);
  return (await person.message(done)).content;
}

describe('/fast, /relax and /turbo', () => {
  it.each([
    ['relax', 'do not consume fast-hours', '(relaxed)'],
    ['turbo', 'four times faster', '(turbo)'],
    ['fast', 'will run immediately', '(fast)'],
  ])('/%s is done: "%s"', async (command, text, mode) => {
    const answer = await answerTo(command);
    expect(answer).toMatchObject({ flags: 64, interaction_metadata: { name: command } });
    expect(answer.content).toMatch(/^Done!/);
    expect(answer.content).toContain(text);
    expect(await drawnWith(`drawn in ${command}`)).toContain(mode);
  });
});

describe('/prefer remix', () => {
  it('turns remix mode on, and off again', async () => {
    const remix = [{ type: 1, name: 'remix', options: [] }];
    const on = await answerTo('prefer', remix);
    expect(on.content).toMatch(/^Remix mode turned on!/);
    expect(on.interaction_metadata?.name).toBe('prefer remix');
    expect((await answerTo('prefer', remix)).content).toMatch(/^Remix mode turned off!/);
  });
});

describe('the command index', () => {
  it('has the ids and versions of Discord, which a redeployment changes', async () => {
    const versions = async () => {
      const { application_commands } = (await user.get(
        `/guilds/${user.account.guildId}/application-command-index`,
      )) as { application_commands: { id: string; version: string; name: string }[] };
      return new Map(application_commands.map(({ id, version }) => [id, version]));
    };
    const before = await versions();
    expect(before.get('938956540159881230')).toBe('1237876415471554623');
    expect(before.get('1000850743479255081')).toBe('1493662068581077053');
    expect(before.has('1023054140634579025')).toBe(true);
    expect(new Set(before.keys()).size).toBe(before.size);
    await user.control('POST', '/commands/redeploy');
    const after = await versions();
    for (const [id, version] of before) expect(BigInt(after.get(id) ?? 0)).toBeGreaterThan(BigInt(version));
  });
});
