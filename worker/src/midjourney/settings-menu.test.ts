import { expect, it } from 'vitest';
import { isSet, pressFor, readSettingsMenu } from './settings-menu.ts';

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
  [
    [{ type: 17, components: [row(selector('v7')), { type: 9, components: [], accessory: remix(3) }] }],
    { remix: true, model: 'Midjourney Model V7' },
  ],
  [[], { remix: null, model: null }],
  [undefined, { remix: null, model: null }],
])('reads %j', (components, expected) => {
  expect(readSettingsMenu(components)).toMatchObject(expected);
});

const toggle = (id: string, style: number, label = '') => ({
  type: 2,
  style,
  label,
  custom_id: `MJ::Settings::${id}`,
});
const menu = [
  row(selector('v7')),
  row(toggle('Style::raw', 2), toggle('PrivateMode', 3, 'Public mode'), toggle('RemixMode', 3)),
  row(toggle('HighVariabilityMode::1', 2), toggle('HighVariabilityMode::0', 3)),
  row(toggle('TurboMode', 2), toggle('FastMode', 2), toggle('RelaxMode', 3)),
  row(toggle('VideoResolution::480', 3), toggle('VideoResolution::720', 2)),
];

it('reads the whole menu', () => {
  expect(readSettingsMenu(menu)).toEqual({
    model: 'Midjourney Model V7',
    remix: true,
    raw: false,
    stealth: false,
    speed: 'relax',
    variability: 'low',
    video_resolution: 480,
  });
  const stealthy = [row(toggle('PrivateMode', 3, 'Stealth mode'))];
  expect(readSettingsMenu(stealthy)).toMatchObject({ stealth: true, speed: null });
});

it.each([
  ['model', '7', true, 'VersionSelector'],
  ['model', '7.0', true, 'VersionSelector'],
  ['model', 'default', false, 'VersionSelector'],
  ['remix', false, false, 'RemixMode'],
  ['stealth', true, false, 'PrivateMode'],
  ['raw', true, false, 'Style::raw'],
  ['speed', 'turbo', false, 'TurboMode'],
  ['variability', 'low', true, 'HighVariabilityMode::0'],
  ['video_resolution', 720, false, 'VideoResolution::720'],
] as const)('%s %s: is set: %s, by %s', (name, wanted, set, id) => {
  expect(isSet(menu, name, wanted)).toBe(set);
  expect(pressFor(menu, name, wanted)?.customId).toBe(`MJ::Settings::${id}`);
});

it('has nothing to press for what the menu does not have', () => {
  expect(pressFor(menu, 'model', '9')).toBeUndefined();
  expect(pressFor([], 'remix', true)).toBeUndefined();
});
