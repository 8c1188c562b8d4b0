import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../simulator.ts';
import { DiscordUser, type Listener, type Posted } from '../testing/discord-user.ts';

let simulator: Simulator;
let user: DiscordUser;
let person: Listener;
let boat: Posted;

beforeAll(async () => {
  simulator = await startSimulator({ drawMs: 0, imageSize: 64 });
  user = new DiscordUser(simulator);
  person = await user.listen();
  boat = await drawn('a paper boat --ar 3:2');
});

afterAll(async () => {
  await person.end();
  await simulator.close();
});

async function drawn(prompt: string): Promise<Posted> {
  await user.imagine(prompt);
  const text = prompt.split(' --')[0] ?? prompt;
  return person.message(({ content }) => content.includes(`**${text} `) && content.endsWith('(fast)'));
}

const urlOf = ({ attachments }: Posted) => attachments[0]?.url ?? '';

describe('an edited picture', () => {
  it('has the form of the first one that it was made of, and repeats their links', async () => {
    const tower = await drawn('a stone tower');
    const edited = await drawn(`in winter --edit ${urlOf(boat)} ${urlOf(tower)} --raw`);
    expect(edited.content).toMatch(/\*\*in winter --edit <https:\S+> <https:\S+> --raw --v 8\.2\*\*/);
    const { width, height } = await sharp(await (await fetch(urlOf(edited))).arrayBuffer()).metadata();
    expect(width / height).toBeCloseTo(1.5, 1);
  });

  it('is drawn from what was in it', async () => {
    await drawn(`at night --edit ${urlOf(boat)} --seed 3`);
    const job = (await user.jobs()).find(({ prompt }) => prompt?.startsWith('at night'));
    expect(job).toMatchObject({ state: 'done' });
    const described = await drawn('at night, a paper boat --ar 3:2 --seed 3');
    const [edited, written] = await Promise.all(
      [job?.imageUrl ?? '', urlOf(described)].map(async (url) =>
        Buffer.from(await (await fetch(url)).arrayBuffer()),
      ),
    );
    expect(edited?.equals(written ?? Buffer.alloc(0))).toBe(true);
  });

  it('is not remixed: its buttons draw at once', async () => {
    const settings = `/accounts/${user.account.userId}/settings`;
    await user.control('POST', settings, { remix: true });
    const edited = await drawn(`in spring --edit ${urlOf(boat)}`);
    await user.press(edited, 'variation::1::');
    await person.message(({ content }) => /in spring.*Variations \(Strong\) by/.test(content));
    await user.press(boat, 'variation::1::');
    await person.event('INTERACTION_MODAL_CREATE');
    await user.control('POST', settings, { remix: false });
  });

  it('cannot be made of a link that leads nowhere', async () => {
    await user.imagine('in autumn --edit https://example.com/page');
    await person.message(({ embeds }) => embeds[0]?.title === 'Invalid link!');
  });
});
