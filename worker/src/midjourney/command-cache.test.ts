import { beforeEach, expect, it } from 'vitest';
import type { ApplicationCommand } from '../discord/rest/interaction-requests.ts';
import { createCommandCache } from './command-cache.ts';

const command = (name: string, version = '1'): ApplicationCommand => ({
  id: `7 ${name}`,
  version,
  name,
  application_id: '3',
});

let now: number;
let lookUps: number;
let changed: string[];
let answer: () => ApplicationCommand[];
const cache = () =>
  createCommandCache(
    {
      findCommands: async () => {
        lookUps += 1;
        return answer();
      },
    },
    { now: () => now, onChanged: ({ name, version }) => changed.push(`${name} ${version}`) },
  );
beforeEach(() => {
  now = 1_000_000;
  lookUps = 0;
  changed = [];
  answer = () => [command('imagine'), command('blend')];
});

it('looks all commands up once, for callers that come together too', async () => {
  const commands = cache();
  const found = await Promise.all(['imagine', 'blend', 'imagine'].map((name) => commands.find(name, '3')));
  expect(found.map(({ name }) => name)).toEqual(['imagine', 'blend', 'imagine']);
  await commands.find('blend', '3');
  expect(lookUps).toBe(1);
});

it('asks again after a growing delay only when Discord failed, however often it is called', async () => {
  const commands = cache();
  const down = new Error('down');
  answer = () => {
    throw down;
  };
  const callEverySecond = async (seconds: number) => {
    for (let second = 0; second < seconds; second++, now += 1_000) {
      const tries = ['imagine', 'blend'].map((name) => commands.find(name, '3'));
      for (const each of await Promise.allSettled(tries))
        expect(each).toMatchObject({ status: 'rejected', reason: down });
    }
  };
  await callEverySecond(30);
  expect(lookUps).toBe(3);
  await callEverySecond(600);
  expect(lookUps).toBeLessThan(10);

  answer = () => [command('imagine')];
  now += 300_000;
  expect(await commands.find('imagine', '3')).toEqual(command('imagine'));
});

it('says which command is missing, and does not ask for it all the time', async () => {
  const commands = cache();
  for (let i = 0; i < 5; i++) await expect(commands.find('show', '3')).rejects.toThrow('no command /show');
  expect(lookUps).toBe(1);
  expect(await commands.find('imagine', '3')).toEqual(command('imagine'));
});

it('looks an outdated version up again once, however many were refused with it', async () => {
  const commands = cache();
  const outdated = await commands.find('imagine', '3');
  answer = () => [command('imagine', '2')];
  for (let i = 0; i < 3; i++) {
    commands.forget(outdated);
    expect((await commands.find('imagine', '3')).version).toBe('2');
  }
  expect(lookUps).toBe(2);
  expect(changed).toEqual(['imagine 2']);
});
