import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../simulator.ts';
import { DiscordUser, type Listener, type Posted } from '../testing/discord-user.ts';

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

const isDone = (text: string) => (message: Posted) =>
  message.content.includes(text) && !/%|Waiting/.test(message.content);

/** The final text of a drawing. */
async function drawnWith(prompt: string): Promise<string> {
  await user.imagine(prompt);
  return (await person.message(isDone(prompt.split(' --')[0] ?? prompt))).content;
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
    // V8 has no turbo.
    expect(await drawnWith(`drawn in ${command} --v 7`)).toContain(mode);
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

describe('/info and /settings', () => {
  it('are refused to a blocked account, as drawings are', async () => {
    const account = `/accounts/${user.account.userId}`;
    await user.control('POST', `${account}/refuse`, { notice: 'blocked' });
    for (const command of ['info', 'settings']) {
      const answer = await answerTo(command);
      expect(answer).toMatchObject({ flags: 64, embeds: [{ title: 'You are blocked.' }] });
    }
    await user.control('POST', `${account}/restore`);
  });
});

describe('/settings', () => {
  const shown = ({ components }: Posted) => components.flatMap((row) => row.components);
  const isOn = (menu: Posted, label: string) => shown(menu).find((each) => each.label === label)?.style === 3;
  const model = (menu: Posted) =>
    shown(menu).flatMap(({ options = [] }) => options.flatMap((each) => (each.default ? [each.label] : [])));

  it('shows what is set and changes it, in its one message', async () => {
    const menu = await answerTo('settings');
    expect(menu).toMatchObject({ flags: 64, interaction_metadata: { name: 'settings' } });
    expect(model(menu)).toEqual(['Use the default model (V8.2)']);
    expect(isOn(menu, 'Public mode')).toBe(true);

    await user.press(menu, 'MJ::Settings::Style::raw');
    await user.press(menu, 'MJ::Settings::PrivateMode');
    await user.press(menu, 'MJ::Settings::Stylization::250');
    await user.select(menu, 'MJ::Settings::VersionSelector', ['v8.1']);
    const changed = await person.updated(
      (message) => message.id === menu.id && model(message)[0] === 'Midjourney Model V8.1',
    );
    expect(
      ['RAW Mode', 'Public mode', 'Stylize med', 'Stylize high'].map((label) => isOn(changed, label)),
    ).toEqual([true, false, false, true]);
    expect(changed.flags).toBe(64);
    const drawn = await drawnWith('as it was set');
    expect(drawn).toContain('**as it was set --raw --s 250 --v 8.1**');
    expect(drawn).toContain('(fast, stealth)');
    expect(await drawnWith('set otherwise --s 0 --public --v 7')).toMatch(
      /--public --raw --v 7\.0.* \(fast\)/,
    );

    await user.press(menu, 'MJ::Settings::Reset');
    await person.updated(
      (message) =>
        message.id === menu.id &&
        message !== menu &&
        isOn(message, 'Public mode') &&
        model(message)[0] !== 'Midjourney Model V8.1' &&
        isOn(message, 'Stylize med') &&
        !isOn(message, 'RAW Mode'),
    );
    expect(await drawnWith('set back')).toContain('**set back --v 8.2**');
  });

  it('refuses what its select menu does not offer', async () => {
    const menu = await answerTo('settings');
    const { answer } = await user.select(menu, 'MJ::Settings::VersionSelector', ['v9']);
    expect(await answer.json()).toMatchObject({ code: 50035 });
    const asButton = await user.press(menu, 'MJ::Settings::VersionSelector');
    expect(asButton.answer.status).toBe(400);
  });

  it('low variation makes V1 to V4 subtle', async () => {
    const account = `/accounts/${user.account.userId}/settings`;
    await user.control('POST', account, { highVariability: false });
    await user.imagine('hardly varied');
    const grid = await person.message(isDone('hardly varied'));
    await user.press(grid, 'variation::2::');
    await person.message(
      (message) => isDone('hardly varied')(message) && message.content.includes('Variations (Subtle) by'),
    );
    await user.control('POST', account, { highVariability: true });
  });
});

describe('the default model', () => {
  it('is switched for all while it runs, except for accounts that chose one', async () => {
    expect(await user.control('POST', '/settings', { defaultModel: '7' })).toEqual({ defaultModel: '7.0' });
    expect(await drawnWith('after the switch')).toContain('**after the switch --v 7.0**');
    const account = `/accounts/${user.account.userId}/settings`;
    expect(await user.control('POST', account, { version: '6.1' })).toMatchObject({
      settings: { version: '6.1' },
    });
    expect(await drawnWith('with a model of its own')).toContain('--v 6.1**');
    await user.control('POST', account, { version: null });
    expect(await user.control('POST', '/settings', { defaultModel: '9' })).toMatchObject({
      error: expect.stringContaining('there is no model "9"'),
    });
    await user.control('POST', '/settings', { defaultModel: '8.2' });
    expect(await drawnWith('switched back')).toContain('--v 8.2**');
  });

  it('V8 has no turbo: it draws fast', async () => {
    expect(await drawnWith('in a hurry --turbo')).toContain('(fast)');
    expect(await drawnWith('in a real hurry --turbo --v 7')).toContain('(turbo)');
  });

  it('may be another one without a word', async () => {
    await user.control('POST', '/faults', {
      kind: 'silent_downgrade',
      match: { promptContains: 'downgraded' },
      times: 1,
    });
    const drawn = await drawnWith('downgraded --oref https://example.com/a.png --v 8.1');
    expect(drawn).toMatch(/--oref <https:\S+> --v 7\.0\*\*/);
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
