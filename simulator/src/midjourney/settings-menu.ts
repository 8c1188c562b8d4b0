import type { ActionRow, Button, SelectMenu } from '../discord/model.ts';
import type { Speed } from './jobs.ts';
import { type DefaultModels, readVersion, versions } from './models.ts';

/** What a user has set with `/settings`. */
export interface UserSettings {
  /** The model of prompts that name none; without one, Midjourney's own default. */
  version: string | undefined;
  raw: boolean;
  stylize: number;
  stealth: boolean;
  remix: boolean;
  /** V1 to V4 vary strongly, or else subtly. */
  highVariability: boolean;
  speed: Speed;
  /** The shorter side of videos in pixels. */
  videoResolution: 480 | 720;
}

export const initialSettings: UserSettings = {
  version: undefined,
  raw: false,
  stylize: 100,
  stealth: false,
  remix: false,
  highVariability: true,
  speed: 'fast',
  videoResolution: 480,
};

const versionSelector = 'VersionSelector';
const resetting = 'Reset';

interface Toggle {
  label: string;
  emoji: string;
  isOn: (settings: UserSettings) => boolean;
  press: (settings: UserSettings) => UserSettings;
}

/** One of several, of which one is always on. */
function choice<K extends keyof UserSettings>(
  label: string,
  emoji: string,
  key: K,
  value: UserSettings[K],
): Toggle {
  return {
    label,
    emoji,
    isOn: (settings) => settings[key] === value,
    press: (settings) => ({ ...settings, [key]: value }),
  };
}

/**
 * The buttons by their custom ids behind `MJ::Settings::`. Their labels are those that public clients read. The ids of
 * Stylization, PrivateMode and VideoResolution were not seen: they follow the form of the others.
 */
const rows: Record<string, Toggle>[] = [
  {
    'Style::raw': {
      label: 'RAW Mode',
      emoji: '🔧',
      isOn: ({ raw }) => raw,
      press: (settings) => ({ ...settings, raw: !settings.raw }),
    },
    'Stylization::50': choice('Stylize low', '🖌️', 'stylize', 50),
    'Stylization::100': choice('Stylize med', '🖌️', 'stylize', 100),
    'Stylization::250': choice('Stylize high', '🖌️', 'stylize', 250),
    'Stylization::750': choice('Stylize very high', '🖌️', 'stylize', 750),
  },
  {
    PrivateMode: {
      label: 'Public mode',
      emoji: '🧑‍🎨',
      isOn: ({ stealth }) => !stealth,
      press: (settings) => ({ ...settings, stealth: !settings.stealth }),
    },
    RemixMode: {
      label: 'Remix mode',
      emoji: '🎚️',
      isOn: ({ remix }) => remix,
      press: (settings) => ({ ...settings, remix: !settings.remix }),
    },
    'HighVariabilityMode::1': choice('High Variation Mode', '🎨', 'highVariability', true),
    'HighVariabilityMode::0': choice('Low Variation Mode', '🎨', 'highVariability', false),
  },
  {
    TurboMode: choice('Turbo mode', '🚀', 'speed', 'turbo'),
    FastMode: choice('Fast mode', '⚡', 'speed', 'fast'),
    RelaxMode: choice('Relax mode', '🐢', 'speed', 'relaxed'),
  },
  {
    'VideoResolution::480': choice('SD Video', '🎞️', 'videoResolution', 480),
    'VideoResolution::720': choice('HD Video', '🎞️', 'videoResolution', 720),
  },
];

/** The components of the answer to `/settings`: a toggle that is on is green. */
export function settingsMenu(settings: UserSettings, models: DefaultModels): ActionRow[] {
  const buttons = rows.map((row) =>
    Object.entries(row).map(([id, toggle]) => toggleButton(id, toggle, settings)),
  );
  buttons.at(-1)?.push(button(resetting, 'Reset Settings', undefined, false));
  return [
    { type: 1, components: [selector(settings, models)] },
    ...buttons.map((components): ActionRow => ({ type: 1, components })),
  ];
}

/** The settings after a press in the menu, with what was chosen in the select; undefined when it has no such component. */
export function pressed(
  settings: UserSettings,
  id: string,
  [chosen = '']: readonly string[],
): UserSettings | undefined {
  if (id === resetting) return initialSettings;
  if (id === versionSelector) {
    const version = versions.find((known) => optionValue(known) === chosen);
    return version === undefined && chosen !== 'default' ? undefined : { ...settings, version };
  }
  const toggle = rows.flatMap((row) => Object.entries(row)).find(([known]) => known === id)?.[1];
  return toggle?.press(settings);
}

function toggleButton(id: string, toggle: Toggle, settings: UserSettings): Button {
  return button(id, toggle.label, toggle.emoji, toggle.isOn(settings));
}

function button(id: string, label: string, emoji: string | undefined, isOn: boolean): Button {
  return {
    type: 2,
    style: isOn ? 3 : 2,
    custom_id: `MJ::Settings::${id}`,
    label,
    ...(emoji === undefined ? {} : { emoji: { name: emoji } }),
  };
}

/** The labels and values of its options were not seen, only that the chosen one has `default`. */
function selector(settings: UserSettings, { midjourney }: DefaultModels): SelectMenu {
  const option = (label: string, value: string, version: string | undefined) => ({
    label,
    value,
    default: settings.version === version,
  });
  return {
    type: 3,
    custom_id: `MJ::Settings::${versionSelector}`,
    min_values: 1,
    max_values: 1,
    options: [
      option(`Use the default model (V${midjourney})`, 'default', undefined),
      ...[...versions]
        .reverse()
        .map((version) => option(optionLabel(version), optionValue(version), version)),
    ],
  };
}

function optionLabel(version: string): string {
  return version.startsWith('niji') ? `Niji Model V${version.slice(5)}` : `Midjourney Model V${version}`;
}

function optionValue(version: string): string {
  return version.startsWith('niji') ? version.replace(' ', '') : `v${version}`;
}

/** The settings among what else an account has. */
export function userSettingsOf(account: UserSettings): UserSettings {
  const { version, raw, stylize, stealth, remix, highVariability, speed, videoResolution } = account;
  return { version, raw, stylize, stealth, remix, highVariability, speed, videoResolution };
}

/** Settings that a test asks for. `version` null is Midjourney's default. Throws with a sentence about a wrong one. */
export function readUserSettings(body: Record<string, unknown>): Partial<UserSettings> {
  const read: Partial<UserSettings> = {};
  for (const key of ['raw', 'stealth', 'remix', 'highVariability'] as const) {
    const value = body[key];
    if (value === undefined) continue;
    if (typeof value !== 'boolean') throw new Error(`${key} must be true or false`);
    read[key] = value;
  }
  const { version, speed, stylize, videoResolution } = body;
  if (version !== undefined) read.version = version === null ? undefined : readVersion(version);
  if (typeof stylize === 'number') read.stylize = stylize;
  if (speed === 'fast' || speed === 'relaxed' || speed === 'turbo') read.speed = speed;
  else if (speed !== undefined) throw new Error('speed must be fast, relaxed or turbo');
  if (videoResolution === 480 || videoResolution === 720) read.videoResolution = videoResolution;
  else if (videoResolution !== undefined) throw new Error('videoResolution must be 480 or 720');
  return read;
}
