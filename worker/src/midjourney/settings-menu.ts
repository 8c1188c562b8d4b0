import type {
  SettingName,
  SettingsMenu,
  WantedSettings,
} from '@midjourney-api/shared/accounts/midjourney-settings';
import { buttonsIn, componentsIn } from '@midjourney-api/shared/midjourney/components';
import { z } from 'zod';

/** A toggle that is on is green. https://discord.com/developers/docs/components/reference#button-button-styles */
const onStyle = 3;

const select = z.object({
  type: z.literal(3),
  custom_id: z.literal('MJ::Settings::VersionSelector'),
  options: z.array(
    z.object({ label: z.string(), value: z.string().default(''), default: z.boolean().default(false) }),
  ),
});

type Components = readonly unknown[] | undefined;
type ChoiceName = 'speed' | 'variability' | 'video_resolution';
type ToggleName = 'remix' | 'stealth' | 'raw';

/** One button for each value, of which one is on. Ids as public clients and the menu's labels show them. */
const choices: { [Name in ChoiceName]: [value: NonNullable<SettingsMenu[Name]>, id: RegExp][] } = {
  speed: [
    ['fast', /^FastMode/],
    ['relax', /^RelaxMode/],
    ['turbo', /^TurboMode/],
  ],
  variability: [
    ['high', /^HighVariabilityMode(?:::1)?$/],
    ['low', /^(?:HighVariabilityMode::0|LowVariabilityMode)/],
  ],
  video_resolution: [
    [480, /^VideoResolution::480/],
    [720, /^VideoResolution::720/],
  ],
};

/** One button, which is on or off; `when` says whether the setting is on while a button with this label is. */
const toggles: Record<ToggleName, { id: RegExp; when(label: string): boolean }> = {
  remix: { id: /^RemixMode/, when: () => true },
  raw: { id: /^(?:Style::raw|RawMode)/i, when: () => true },
  // The same button reads "Public mode" or "Stealth mode".
  stealth: { id: /^(?:PrivateMode|StealthMode)/, when: (label) => !/public/i.test(label) },
};

/** Reads the menu that answers `/settings`. */
export function readSettingsMenu(components: Components): SettingsMenu {
  return {
    remix: stateOf('remix', components),
    stealth: stateOf('stealth', components),
    raw: stateOf('raw', components),
    speed: chosen('speed', components),
    variability: chosen('variability', components),
    video_resolution: chosen('video_resolution', components),
    model: modelsIn(components).find((option) => option.default)?.label ?? null,
  };
}

/** Whether the menu shows a setting with the wanted value. */
export function isSet(
  components: Components,
  name: SettingName,
  wanted: WantedSettings[SettingName],
): boolean {
  if (name !== 'model') return readSettingsMenu(components)[name] === wanted;
  const option = modelsIn(components).find((each) => each.default);
  return option !== undefined && isModel(option, String(wanted));
}

/** What to press to change a setting as wanted; undefined where the menu offers nothing for it. */
export function pressFor(
  components: Components,
  name: SettingName,
  wanted: WantedSettings[SettingName],
): { customId: string; values?: string[] } | undefined {
  if (name === 'model') {
    const option = modelsIn(components).find((each) => isModel(each, String(wanted)));
    return option && { customId: 'MJ::Settings::VersionSelector', values: [option.value] };
  }
  const id = isToggle(name) ? toggles[name].id : choices[name].find(([value]) => value === wanted)?.[1];
  const button = id && buttonOf(components, id);
  return button?.custom_id === undefined ? undefined : { customId: button.custom_id };
}

function isToggle(name: ChoiceName | ToggleName): name is ToggleName {
  return Object.hasOwn(toggles, name);
}

function stateOf(name: ToggleName, components: Components): boolean | null {
  const { id, when } = toggles[name];
  const button = buttonOf(components, id);
  if (button?.style === undefined) return null;
  return (button.style === onStyle) === when(button.label ?? '');
}

function chosen<Name extends ChoiceName>(name: Name, components: Components): SettingsMenu[Name] {
  const on = choices[name].find(([, id]) => buttonOf(components, id)?.style === onStyle);
  return on ? on[0] : null;
}

function buttonOf(components: Components, id: RegExp) {
  const prefix = 'MJ::Settings::';
  return buttonsIn(components).find(
    ({ custom_id }) => custom_id?.startsWith(prefix) && id.test(custom_id.slice(prefix.length)),
  );
}

type Option = z.output<typeof select>['options'][number];

function modelsIn(components: Components): Option[] {
  return componentsIn(components).flatMap((each) => select.safeParse(each).data?.options ?? []);
}

/** Options are known by their labels: "Use the default model (V8.2)", "Midjourney Model V7", "Niji Model V7". */
function isModel({ label }: Option, wanted: string): boolean {
  const isDefault = /default/i.test(label);
  if (wanted === 'default' || isDefault) return wanted === 'default' && isDefault;
  const version = /V(?:ersion )?\s*(\d+(?:\.\d+)?)\b/i.exec(label)?.[1];
  const name = /niji/i.test(label) ? `niji ${version}` : version;
  return name === wanted.toLowerCase().replace(/(?<=\d)\.0$/, '');
}
