import { expect, it } from 'vitest';
import { readSettingsMenu } from './settings-menu.ts';

const selector = (chosen: string) => ({
  type: 3,
  custom_id: 'MJ::Settings::VersionSelector',
  options: [
    { label: 'Use the default model (V8.2)', value: 'default', default: chosen === 'default' },
    { label: 'Midjourney Model V7', value: 'v7', default: chosen === 'v7' },
  ],
});
const remix = (style: number) => ({
  type: 2,
  style,
  label: 'Remix mode',
  custom_id: 'MJ::Settings::RemixMode',
});
const row = (...components: object[]) => ({ type: 1, components });

it.each([
  [[row(selector('v7')), row(remix(3))], { remix: true, model: 'Midjourney Model V7' }],
  [[row(selector('default')), row(remix(2))], { remix: false, model: 'Use the default model (V8.2)' }],
  [[row(selector('none'))], { remix: null, model: null }],
  [[], { remix: null, model: null }],
  [undefined, { remix: null, model: null }],
])('reads %j', (components, expected) => {
  expect(readSettingsMenu(components)).toEqual(expected);
});
