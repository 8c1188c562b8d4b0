import type {
  ChangedSettings,
  SettingName,
  WantedSettings,
} from '@midjourney-api/shared/accounts/midjourney-settings';
import type { DiscordMessage } from '../../discord/message.ts';
import { isSet, pressFor, readSettingsMenu } from '../../midjourney/settings-menu.ts';

interface Menu {
  /** Opens the menu as Midjourney has it now. */
  open(): Promise<DiscordMessage>;
  /** @returns the menu as it is after the press. */
  press(menu: DiscordMessage, pressed: { customId: string; values?: string[] }): Promise<DiscordMessage>;
}

/** A press whose answer is lost may have had its effect: the menu is opened again before the next round. */
const mostRounds = 3;

/**
 * Applies the wanted settings, one press after the other, and reads them back from a menu opened at the end: only what
 * that shows has been applied.
 */
export async function changeSettings(menu: Menu, wanted: WantedSettings): Promise<ChangedSettings> {
  const names = (Object.keys(wanted) as SettingName[]).filter((name) => wanted[name] !== undefined);
  let shown = await menu.open();
  const missing = names.filter(
    (name) => !isSet(shown.components, name, wanted[name]) && !pressFor(shown.components, name, wanted[name]),
  );
  for (let round = 0; round < mostRounds; round++) {
    const toPress = names.filter(
      (name) => !missing.includes(name) && !isSet(shown.components, name, wanted[name]),
    );
    if (toPress.length === 0) break;
    for (const name of toPress) {
      const pressed = pressFor(shown.components, name, wanted[name]);
      // An earlier press may have changed this one too.
      if (!pressed || isSet(shown.components, name, wanted[name])) continue;
      const now = await menu.press(shown, pressed).catch(() => undefined);
      if (!now) break;
      shown = now;
    }
    shown = await menu.open();
  }
  const applied = names.filter((name) => isSet(shown.components, name, wanted[name]));
  const refused = names
    .filter((name) => !applied.includes(name))
    .map((setting) => ({
      setting,
      reason: missing.includes(setting)
        ? `Midjourney's /settings offers no ${setting} "${wanted[setting]}".`
        : 'Midjourney did not change it, although it was pressed: its plan may not include it.',
    }));
  return { settings: readSettingsMenu(shown.components), applied, refused };
}
