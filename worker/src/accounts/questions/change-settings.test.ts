import { expect, it } from 'vitest';
import { aMessage } from '../../discord/message.fixture.ts';
import type { DiscordMessage } from '../../discord/message.ts';
import { changeSettings } from './change-settings.ts';

/** A menu with remix and the speeds, whose presses may be lost on the way there, or their answers on the way back. */
function aMenu(lost: ('press' | 'answer')[] = []) {
  const state = { remix: false, speed: 'FastMode' };
  const pressed: string[] = [];
  const toggle = (id: string, on: boolean) => ({
    type: 2,
    style: on ? 3 : 2,
    custom_id: `MJ::Settings::${id}`,
  });
  const shown = (): DiscordMessage =>
    aMessage({
      components: [
        { type: 1, components: [toggle('RemixMode', state.remix)] },
        { type: 1, components: ['FastMode', 'RelaxMode'].map((id) => toggle(id, state.speed === id)) },
      ] as unknown as DiscordMessage['components'],
    });
  return {
    pressed,
    open: async () => shown(),
    press: async (_menu: DiscordMessage, { customId }: { customId: string }) => {
      const id = customId.replace('MJ::Settings::', '');
      pressed.push(id);
      const what = lost.shift();
      if (what === 'press') throw new Error('lost');
      if (id === 'RemixMode') state.remix = !state.remix;
      else state.speed = id;
      if (what === 'answer') throw new Error('lost');
      return shown();
    },
  };
}

it('presses only what differs', async () => {
  const menu = aMenu();
  const changed = await changeSettings(menu, { remix: true, speed: 'fast' });
  expect(menu.pressed).toEqual(['RemixMode']);
  expect(changed).toMatchObject({ settings: { remix: true }, applied: ['remix', 'speed'], refused: [] });
});

it('presses again what was lost', async () => {
  const menu = aMenu(['press']);
  expect(await changeSettings(menu, { remix: true, speed: 'relax' })).toMatchObject({ refused: [] });
  expect(menu.pressed).toEqual(['RemixMode', 'RemixMode', 'RelaxMode']);
});

it('never presses a toggle back whose answer was lost', async () => {
  const menu = aMenu(['answer']);
  const changed = await changeSettings(menu, { remix: true });
  expect(menu.pressed).toEqual(['RemixMode']);
  expect(changed).toMatchObject({ applied: ['remix'], refused: [] });
});

it('gives up after a few rounds, and says what is not so', async () => {
  const menu = aMenu(['press', 'press', 'press', 'press']);
  const changed = await changeSettings(menu, { remix: true });
  expect(menu.pressed).toHaveLength(3);
  expect(changed).toMatchObject({ settings: { remix: false }, applied: [], refused: [{ setting: 'remix' }] });
});
