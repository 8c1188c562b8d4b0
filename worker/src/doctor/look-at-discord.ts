import {
  type Answer,
  type ChannelPermission,
  channelPermissions,
  type DiscordFacts,
} from '@midjourney-api/shared/doctor/discord-facts';
import { ApplicationFlags, PermissionFlagsBits } from 'discord-api-types/v10';
import { z } from 'zod';
import type { DiscordAccount } from '../discord/discord-account.ts';
import {
  guildPermissionsSchema,
  memberSchema,
  overwritesSchema,
  permissionsIn,
} from '../discord/permissions.ts';
import type { DiscordRest, RawAnswer } from '../discord/rest/discord-rest.ts';
import { userIdOfToken } from '../discord/user-id-of-token.ts';
import { botIds } from '../midjourney/bots.ts';

const commandIndex = z
  .object({
    application_commands: z.array(
      z.object({ name: z.string(), version: z.string(), application_id: z.string() }),
    ),
  })
  .transform(({ application_commands }) =>
    application_commands
      .filter(({ application_id }) => application_id === botIds.midjourney)
      .map(({ name, version }) => ({ name, version })),
  );
const application = z.object({
  id: z.string(),
  flags: z.number().default(0),
  // Of old applications the bot has an id of its own.
  bot: z.object({ id: z.string() }).optional(),
});
const channelSchema = z.object({
  guild_id: z.string().nullish(),
  rate_limit_per_user: z.number().default(0),
  permission_overwrites: overwritesSchema,
});
const refusal = z.object({ message: z.string() });

const readsContent = ApplicationFlags.GatewayMessageContent | ApplicationFlags.GatewayMessageContentLimited;

/**
 * Asks Discord for what an account depends on. With the user's token it makes one call, for the commands, where the
 * account has a bot; else four: the commands, the channel, the server and the user's roles in it.
 */
export async function lookAtDiscord(
  account: DiscordAccount,
  rest: Pick<DiscordRest, 'look'>,
  now: () => number = Date.now,
): Promise<Omit<DiscordFacts, 'midjourney'>> {
  const { guildId, channelId, botToken } = account;
  const clock: number[] = [];
  const ask = async <T extends z.ZodType>(
    as: 'user' | 'bot',
    path: string,
    schema: T,
  ): Promise<Answer<z.output<T>>> => {
    const askedAt = now();
    const answer = await rest.look(as, path).catch((error: unknown) => unreachable(error));
    if ('message' in answer) return answer;
    // The header has whole seconds, and was set about half way between request and answer.
    if (answer.date) clock.push((askedAt + now()) / 2 - (Date.parse(answer.date) + 500));
    return read(answer, schema);
  };

  const commands = ask('user', `/guilds/${guildId}/application-command-index`, commandIndex);
  const app = botToken === null ? null : await ask('bot', '/applications/@me', application);
  const isBotOut = app !== null && !('value' in app) && app.status === 401;
  // Without its bot only the user could read on, who should make no more calls than necessary.
  if (isBotOut) {
    const whyNot = { status: 401, message: 'the bot’s token is not accepted' };
    return {
      commands: await commands,
      bot: app,
      channel: whyNot,
      botMay: whyNot,
      userMay: whyNot,
      clockAheadMs: middleOf(clock),
    };
  }
  const reader = botToken === null ? 'user' : 'bot';
  const member = (id: string | null) =>
    id === null
      ? { status: null, message: 'the token does not show whose it is' }
      : ask(reader, `/guilds/${guildId}/members/${id}`, memberSchema);
  const botId = app && 'value' in app ? (app.value.bot?.id ?? app.value.id) : null;
  const [channel, guild, bot, user] = await Promise.all([
    ask(reader, `/channels/${channelId}`, channelSchema),
    ask(reader, `/guilds/${guildId}`, guildPermissionsSchema),
    app && member(botId),
    member(userIdOfToken(account.userToken)),
  ]);

  const mayIn = (who: Answer<z.output<typeof memberSchema>>): Answer<ChannelPermission[]> => {
    if (!('value' in channel)) return channel;
    if (!('value' in guild)) return guild;
    return mapped(who, (member) =>
      namesOf(permissionsIn(guild.value, channel.value.permission_overwrites, member, new Date(now()))),
    );
  };
  return {
    commands: await commands,
    bot: app && mapped(app, ({ flags }) => ({ readsContent: (flags & readsContent) !== 0 })),
    channel: mapped(channel, ({ guild_id, rate_limit_per_user }) => ({
      guildId: guild_id ?? null,
      slowModeSeconds: rate_limit_per_user,
    })),
    botMay: bot && mayIn(bot),
    userMay: mayIn(user),
    clockAheadMs: middleOf(clock),
  };
}

/** The answer, or why there is none. */
export async function answered<T>(ask: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await ask() };
  } catch (error) {
    return unreachable(error);
  }
}

function unreachable(error: unknown): { status: null; message: string } {
  return { status: null, message: error instanceof Error ? error.message : String(error) };
}

function read<T extends z.ZodType>({ status, body }: RawAnswer, schema: T): Answer<z.output<T>> {
  if (status >= 300) return { status, message: refusal.safeParse(body).data?.message ?? 'without a reason' };
  const parsed = schema.safeParse(body);
  return parsed.success
    ? { value: parsed.data }
    : { status, message: 'the answer is not of the form that is known here' };
}

function mapped<T, U>(answer: Answer<T>, map: (value: T) => U): Answer<U> {
  return 'value' in answer ? { value: map(answer.value) } : answer;
}

function namesOf(permissions: bigint): ChannelPermission[] {
  return channelPermissions.filter((name) => (permissions & PermissionFlagsBits[name]) !== 0n);
}

function middleOf(values: number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
