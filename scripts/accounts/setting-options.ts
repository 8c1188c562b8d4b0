import type { AccountSettings } from '@midjourney-api/shared/accounts/accounts';
import type { Pacing } from '@midjourney-api/shared/accounts/pacing/pacing';
import { parseWorkingHours } from '@midjourney-api/shared/accounts/pacing/working-hours';
import { parseProxy, withoutCredentials } from '@midjourney-api/shared/accounts/proxy-address';
import type { TokenSeal } from '@midjourney-api/shared/accounts/sealed-token';
import { speeds } from '@midjourney-api/shared/tasks/task';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { Complaint } from '../complaint.ts';

export interface SettingOptions {
  guild?: string;
  channel?: string;
  session?: 'bot' | 'user';
  concurrency?: number;
  speed?: AccountSettings['speed'] | 'any';
  weight?: number;
  proxy?: URL | 'none';
  resumeAfterBlock?: boolean;
  minGap?: number;
  perHour?: number;
  perDay?: number;
  hours?: string;
  videos?: number;
  whenFastEnds?: 'relax' | 'stop' | 'continue';
}

/** The options for the settings of an account. */
export function withSettings(command: Command): Command {
  return command
    .option('--guild <id>', 'id of the Discord server', discordId)
    .option('--channel <id>', 'id of the channel', discordId)
    .addOption(
      new Option('--session <kind>', 'who listens: your bot, or the user itself').choices(['bot', 'user']),
    )
    .option('--concurrency <number>', 'jobs that the subscription runs at once', atLeastOne)
    .addOption(new Option('--speed <speed>', 'the only speed at which it draws').choices([...speeds, 'any']))
    .option('--weight <number>', 'its share of new drawings', atLeastOne)
    .option(
      '--proxy <url>',
      'http(s)://… or socks5://…, for all traffic of the account; "none" for none',
      proxyAddress,
    )
    .option('--min-gap <seconds>', 'pause between two sends (1.5; 0: none)', seconds)
    .option('--per-hour <number>', 'maximum drawings in an hour (200; 0: no limit)', wholeNumber)
    .option('--per-day <number>', 'maximum drawings in 24 hours (1000; 0: no limit)', wholeNumber)
    .option('--hours <hours>', 'working hours, such as 08:00-23:00@Europe/Berlin (always)', workingHours)
    .option(
      '--videos <number>',
      'videos at once, in addition to pictures (0: they share the slots of pictures)',
      wholeNumber,
    )
    .addOption(
      new Option(
        '--when-fast-ends <what>',
        'when fast hours are nearly used up: draw in relax mode, stop, or continue (the default); needs a user session',
      ).choices(['relax', 'stop', 'continue']),
    )
    .option('--resume-after-block', 'resume by itself after a block by Midjourney has ended')
    .option('--no-resume-after-block', 'wait for "resume" then (the default)');
}

/** Refuses settings that variables of the environment have. @throws {Complaint} that names the variable to set. */
export function refuseWhatVariablesSet(options: SettingOptions & { tokens?: boolean }): void {
  const { session, guild, channel, concurrency, tokens } = options;
  for (const [option, given, variable] of [
    ['session', session, 'DISCORD_SESSION'],
    ['guild', guild, 'DISCORD_GUILD_ID'],
    ['channel', channel, 'DISCORD_CHANNEL_ID'],
    ['concurrency', concurrency, 'DISCORD_CONCURRENCY'],
    ['tokens', tokens, 'DISCORD_USER_TOKEN and DISCORD_BOT_TOKEN'],
  ] as const) {
    if (given === undefined) continue;
    throw new Complaint(
      `--${option}: this account is that of the environment. Set ${variable} and restart the workers.`,
    );
  }
}

/** The changes of the pace; off is null. */
export function pacingOf({
  minGap,
  perHour,
  perDay,
  hours,
  videos,
  whenFastEnds,
}: SettingOptions): Partial<Pacing> {
  const offAt = <T, Off>(value: T | undefined, off: Off) =>
    value === undefined ? undefined : value === off ? null : value;
  const given = {
    min_gap: minGap,
    per_hour: offAt(perHour, 0),
    per_day: offAt(perDay, 0),
    hours: offAt(hours, 'always'),
    videos: offAt(videos, 0),
    when_fast_ends: offAt(whenFastEnds, 'continue'),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

export function speedOf({ speed }: SettingOptions): AccountSettings['speed'] | undefined {
  return speed === 'any' ? null : speed;
}

function discordId(text: string): string {
  if (!/^\d{1,20}$/.test(text)) throw new InvalidArgumentError('It must be a Discord id: digits only.');
  return text;
}

function proxyAddress(text: string): URL | 'none' {
  if (text === 'none') return text;
  const url = parseProxy(text);
  if (!url)
    throw new InvalidArgumentError('It must be as socks5://user:password@host:1080 or http://host:3128.');
  return url;
}

/** The change of the proxy: sealed, and as shown. */
export function proxyOf(
  { proxy }: SettingOptions,
  name: string,
  openSeal: () => TokenSeal,
): Pick<AccountSettings, 'proxy' | 'proxyShown'> {
  if (proxy === undefined) return {};
  if (proxy === 'none') return { proxy: null, proxyShown: null };
  return { proxy: openSeal().seal(proxy.href, name, 'proxy'), proxyShown: withoutCredentials(proxy) };
}

function seconds(text: string): number {
  if (!/^\d{1,4}(?:\.\d{1,3})?$/.test(text))
    throw new InvalidArgumentError('It must be a number of seconds, 0 or more.');
  return Number(text);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, 0 or more.');
  return Number(text);
}

function workingHours(text: string): string {
  if (text !== 'always' && !parseWorkingHours(text)) {
    throw new InvalidArgumentError(
      'It must be as 08:00-23:00 (UTC) or 08:00-23:00@Europe/Berlin, with a time zone of your system, or "always".',
    );
  }
  return text;
}

function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, at least 1.');
  return Number(text);
}
