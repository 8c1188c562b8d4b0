import type { AccountFinding } from './account-checks.ts';
import type { AccountRecord } from './account-record.ts';
import type { Answer, ChannelPermission, DiscordFacts } from './discord-facts.ts';
import { findingsAbout } from './finding.ts';

/** Whether the user's token is valid, from the one call that uses it. */
export function userTokenFinding({ commands }: DiscordFacts): AccountFinding {
  const { ok, skipped, problem } = findingsAbout('user_token');
  if ('value' in commands) return ok("Discord accepts the user's token.");
  const { status, message } = commands;
  if (status === null) {
    return problem(
      `Discord cannot be reached (${message}).`,
      'Look at the network of the worker that has the account, and at the proxy of the account ("npm run accounts -- set NAME --proxy none" removes it).',
    );
  }
  if (status === 401) {
    return problem(
      "Discord does not accept the user's token: it has changed, or the user was signed out.",
      'Sign in to Discord as the user and give the account the new token: "npm run accounts -- set NAME --tokens", or DISCORD_USER_TOKEN.',
    );
  }
  if (status === 400) {
    return problem(
      `Discord asks the account's user for something (${message}).`,
      'Sign in to Discord as the user and answer what it asks, such as a captcha.',
    );
  }
  if (status === 403 || status === 404) {
    return problem(
      `The account's user is not in the server (Discord answered ${status}: ${message}).`,
      'Let the user join the server, or correct the id of the server.',
    );
  }
  return skipped(unreadable('the commands of the server', commands));
}

/** The bot's token, and whether the bot may read the content of messages. */
export function botFindings({ session }: AccountRecord, { bot }: DiscordFacts): AccountFinding[] {
  const token = findingsAbout('bot_token');
  const content = findingsAbout('message_content');
  if (bot === null) {
    const whyNot = 'The account has no bot.';
    return session === 'user'
      ? [token.ok('The account has no bot, and needs none: its user listens.'), content.skipped(whyNot)]
      : [
          token.problem(
            'The account has no bot token, but a bot is to listen.',
            'Give it one ("npm run accounts -- set NAME --tokens", or DISCORD_BOT_TOKEN), or let the user listen.',
          ),
          content.skipped(whyNot),
        ];
  }
  if (!('value' in bot)) {
    const whyNot = unreadable('the bot’s application', bot);
    if (bot.status !== 401) return [token.skipped(whyNot), content.skipped(whyNot)];
    return [
      token.problem(
        'Discord does not accept the bot’s token.',
        'Make a new token in the Discord developer portal, under Bot, and give it to the account.',
      ),
      content.skipped(whyNot),
    ];
  }
  return [
    token.ok('Discord accepts the bot’s token.'),
    bot.value.readsContent
      ? content.ok('The bot has the Message Content intent.')
      : content.problem(
          'The bot does not have the Message Content intent: it cannot listen.',
          'Switch it on in the Discord developer portal, under Bot.',
        ),
  ];
}

/** The channel, and the permissions of bot and user in it. */
export function channelFindings(record: AccountRecord, facts: DiscordFacts): AccountFinding[] {
  return [
    channelFinding(record, facts),
    readingFinding(record, facts),
    sendingFinding(facts),
    slowModeFinding(record, facts),
  ];
}

function channelFinding({ guildId }: AccountRecord, { channel, bot }: DiscordFacts): AccountFinding {
  const { ok, skipped, problem } = findingsAbout('channel');
  const who = bot === null ? 'user' : 'bot';
  if (!('value' in channel)) {
    if (channel.status === 404)
      return problem('There is no channel with this id.', 'Correct the id of the channel.');
    if (channel.status === 403) {
      return problem(
        `The ${who} may not see the channel (Discord answered 403: ${channel.message}).`,
        `Invite the ${who} to the server, and give it View Channel and Read Message History in the channel.`,
      );
    }
    return skipped(unreadable('the channel', channel));
  }
  if (channel.value.guildId !== guildId) {
    return problem(
      `The channel is not in the server ${guildId}, but in ${channel.value.guildId ?? 'none'}.`,
      'Correct the id of the server, or that of the channel.',
    );
  }
  return ok(`The ${who} sees the channel, in the right server.`);
}

function readingFinding({ session }: AccountRecord, { botMay, userMay }: DiscordFacts): AccountFinding {
  const { ok, skipped, problem } = findingsAbout('reading');
  const readers: [string, Answer<ChannelPermission[]>][] = [];
  if (botMay) readers.push(['bot', botMay]);
  if (session === 'user' || !botMay) readers.push(['user', userMay]);
  for (const [who, may] of readers) {
    if (!('value' in may)) return skipped(unreadable(`what the ${who} may do in the channel`, may));
    const missing = missingOf(['ViewChannel', 'ReadMessageHistory'], may.value);
    if (missing.length > 0)
      return problem(`The ${who} lacks ${named(missing)} in the channel.`, `Give it to the ${who}.`);
  }
  return ok(`The ${readers.map(([who]) => who).join(' and the ')} may read the channel and its history.`);
}

function sendingFinding({ userMay }: DiscordFacts): AccountFinding {
  const { ok, skipped, warning, problem } = findingsAbout('sending');
  if (!('value' in userMay)) return skipped(unreadable('what the user may do in the channel', userMay));
  const missing = missingOf(
    ['ViewChannel', 'UseApplicationCommands', 'SendMessages', 'AttachFiles', 'EmbedLinks'],
    userMay.value,
  );
  if (missing.length === 0) return ok('The user may use commands, attach files and embed links.');
  const needed = missing.some((each) => each === 'ViewChannel' || each === 'UseApplicationCommands');
  const message = `The user lacks ${named(missing)} in the channel.`;
  return needed
    ? problem(message, 'Give it to the user: without it no command is sent.')
    : warning(message, 'Give it to the user: uploads, and links to uploaded pictures, need it.');
}

function slowModeFinding({ session }: AccountRecord, { channel, userMay }: DiscordFacts): AccountFinding {
  const { ok, skipped, warning, problem } = findingsAbout('slow_mode');
  if (!('value' in channel)) return skipped(unreadable('the channel', channel));
  const { slowModeSeconds } = channel.value;
  if (slowModeSeconds === 0) return ok('The channel is not in slow mode.');
  if ('value' in userMay && userMay.value.includes('BypassSlowmode'))
    return ok(`The channel is in slow mode (${slowModeSeconds} seconds), which the user may bypass.`);
  const message = `The channel is in slow mode: ${slowModeSeconds} seconds between two commands.`;
  const todo = 'Switch slow mode off in the channel’s settings, or give the user Bypass Slowmode.';
  return session === 'bot'
    ? problem(`${message} Midjourney’s answers in between are private, and the bot does not see them.`, todo)
    : warning(`${message} Midjourney’s answers in between are private.`, todo);
}

/** The commands that this program sends. Without /imagine nothing is drawn. */
const commandNames = ['imagine', 'blend', 'describe', 'shorten', 'show', 'info'];

export function commandsFinding({ commands }: DiscordFacts): AccountFinding {
  const { ok, skipped, warning, problem } = findingsAbout('commands');
  if (!('value' in commands)) return skipped(unreadable('the commands of the server', commands));
  const versions = new Map(commands.value.map(({ name, version }) => [name, version]));
  const imagine = versions.get('imagine');
  if (imagine === undefined) {
    return problem(
      'The server has no command /imagine of the Midjourney Bot.',
      'Invite the Midjourney Bot to the server, and check that /imagine works there by hand.',
    );
  }
  const missing = commandNames.filter((name) => !versions.has(name)).map((name) => `/${name}`);
  if (missing.length > 0) {
    return warning(
      `The server lacks the commands ${listOf(missing)} of the Midjourney Bot.`,
      'Check in the server’s settings, under Integrations, whether they are switched off.',
    );
  }
  return ok(`Midjourney's commands are there; /imagine has version ${imagine}.`);
}

function missingOf(needed: ChannelPermission[], granted: ChannelPermission[]): ChannelPermission[] {
  return needed.filter((each) => !granted.includes(each));
}

/** Permissions as Discord's settings name them. */
function named(permissions: ChannelPermission[]): string {
  return listOf(permissions.map((each) => each.replace(/(?<=.)[A-Z]/g, ' $&')));
}

function listOf(words: string[]): string {
  return words.length < 2 ? words.join() : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Why something could not be read, as a sentence. */
function unreadable(what: string, answer: { status: number | null; message: string }): string {
  const { status, message } = answer;
  return status === null
    ? `Discord could not be asked for ${what}: ${message}`
    : `Discord did not show ${what}: it answered ${status}, ${message}`;
}
