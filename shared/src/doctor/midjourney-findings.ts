import type { AccountFinding } from './account-checks.ts';
import type { AccountRecord } from './account-record.ts';
import type { DiscordFacts } from './discord-facts.ts';
import { findingsAbout } from './finding.ts';

/** The subscription, from Midjourney's `/info`. */
export function infoFinding(record: AccountRecord, { midjourney }: DiscordFacts): AccountFinding {
  const { ok, skipped, warning } = findingsAbout('info');
  if (midjourney === null) return skipped(whyNotAsked('/info', record));
  const { info } = midjourney;
  if (!('value' in info)) {
    return warning(
      `Midjourney did not answer /info: ${info.message}`,
      'Look into the channel as the account’s user, who may be asked something there.',
    );
  }
  const { subscription, mode, fast_hours_left: left, fast_hours_total: total } = info.value;
  if (subscription === null) {
    return warning(
      'Midjourney’s /info names no subscription.',
      'Look at https://midjourney.com/account; a subscription is needed to draw.',
    );
  }
  const hours = left === null ? '' : ` ${left} of ${total ?? '?'} fast hours are left.`;
  const message = `Subscription: ${subscription}. It draws in ${mode ?? 'an unknown'} mode.${hours}`;
  return left === 0 && mode !== 'Relaxed'
    ? warning(message, 'Buy hours, or let the account draw in relax mode.')
    : ok(message);
}

/** The settings at Midjourney: remix mode, and the model for prompts that name none. */
export function settingsFinding(record: AccountRecord, { midjourney }: DiscordFacts): AccountFinding {
  const { ok, skipped, warning } = findingsAbout('settings');
  if (midjourney === null) return skipped(whyNotAsked('/settings', record));
  const { settings } = midjourney;
  if (!('value' in settings)) {
    return warning(
      `Midjourney did not answer /settings: ${settings.message}`,
      'Look into the channel as the account’s user, who may be asked something there.',
    );
  }
  const { remix, model } = settings.value;
  if (remix === null && model === null) {
    return warning(
      'The menu of /settings shows neither remix mode nor a model that is known here.',
      'Run "npm run record", look at what Midjourney shows now, and report it.',
    );
  }
  const remixMode = remix === null ? 'not shown' : remix ? 'on: buttons may open a form first' : 'off';
  return ok(`Remix mode is ${remixMode}. Prompts without a model are drawn by: ${model ?? 'not shown'}.`);
}

function whyNotAsked(command: string, { session, state }: AccountRecord): string {
  return session === 'bot'
    ? `Midjourney answers ${command} to the user alone: only a session of the user can read it.`
    : `${command} is read through the worker’s session of the user, while the account is ready; it is ${state}.`;
}
