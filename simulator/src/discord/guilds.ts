import type { Account, Accounts, Principal } from '../accounts.ts';
import { midjourneyBots } from '../midjourney/identity.ts';
import type { User } from './model.ts';
import type { SlowMode } from './slow-mode.ts';
import { memberObject } from './users.ts';

const joinedAt = '2024-01-01T00:00:00.000000+00:00';

export function channelObject(account: Account, lastMessageId: string | undefined, slowModeSeconds: number) {
  return {
    id: account.channelId,
    type: 0,
    guild_id: account.guildId,
    name: 'midjourney',
    position: 0,
    permission_overwrites: [],
    topic: null,
    nsfw: false,
    last_message_id: lastMessageId ?? null,
    last_pin_timestamp: null,
    rate_limit_per_user: slowModeSeconds,
    parent_id: null,
    flags: 0,
  };
}

/** A guild as REST shows it. */
export function guildObject(guildId: string) {
  return {
    id: guildId,
    name: 'Studio',
    icon: null,
    splash: null,
    discovery_splash: null,
    banner: null,
    description: null,
    // Nobody here, because slow mode and permissions do not apply to an owner.
    owner_id: guildId,
    region: null,
    afk_channel_id: null,
    afk_timeout: 300,
    verification_level: 0,
    default_message_notifications: 0,
    explicit_content_filter: 0,
    roles: [everyoneRole(guildId)],
    emojis: [],
    stickers: [],
    features: [],
    mfa_level: 0,
    application_id: null,
    system_channel_id: null,
    system_channel_flags: 0,
    rules_channel_id: null,
    public_updates_channel_id: null,
    safety_alerts_channel_id: null,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    premium_progress_bar_enabled: false,
    preferred_locale: 'en-US',
    nsfw_level: 0,
    max_members: 500000,
    max_presences: null,
    max_video_channel_users: 25,
    max_stage_video_channel_users: 50,
    incidents_data: null,
    hub_type: null,
  };
}

/** The members of a guild: the viewer, the accounts' users and their bots, and Midjourney's. */
export function membersOf(guildId: string, accounts: Accounts, viewer: Principal) {
  const members = new Map<string, User>();
  const others = accounts.inGuild(guildId).flatMap(({ user, bot }) => [user.user, bot.user]);
  for (const user of [viewer.user, ...midjourneyBots, ...others]) members.set(user.id, user);
  return [...members.values()].map((user) => ({ user, ...memberObject(joinedAt) }));
}

/** A guild as in GUILD_CREATE, with its channels and members. */
export function guildCreateData(
  guildId: string,
  accounts: Accounts,
  viewer: Principal,
  lastMessageId: (channelId: string) => string | undefined,
  slowMode: SlowMode,
) {
  const here = accounts.inGuild(guildId);
  const channels = new Map(here.map((account) => [account.channelId, account]));
  const members = membersOf(guildId, accounts, viewer);
  return {
    ...guildObject(guildId),
    joined_at: joinedAt,
    large: false,
    unavailable: false,
    member_count: members.length,
    members,
    channels: [...channels.values()].map((account) =>
      channelObject(account, lastMessageId(account.channelId), slowMode.of(account.channelId)),
    ),
    threads: [],
    presences: [],
    voice_states: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}

/** The member part that gateway messages carry beside their author. */
export const authorMember = memberObject(joinedAt);

function everyoneRole(guildId: string) {
  return {
    id: guildId,
    name: '@everyone',
    description: null,
    color: 0,
    colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
    hoist: false,
    icon: null,
    unicode_emoji: null,
    position: 0,
    permissions: '2248473465835073',
    managed: false,
    mentionable: false,
    flags: 0,
  };
}
