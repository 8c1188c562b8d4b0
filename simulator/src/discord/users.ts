import type { User } from './model.ts';

export function makeUser(id: string, username: string, more: Partial<User> = {}): User {
  return {
    id,
    username,
    discriminator: '0',
    global_name: null,
    avatar: null,
    bot: false,
    system: false,
    banner: null,
    accent_color: null,
    public_flags: 0,
    flags: 0,
    avatar_decoration_data: null,
    collectibles: null,
    primary_guild: null,
    clan: null,
    ...more,
  };
}

export function memberObject(joinedAt: string) {
  return {
    nick: null,
    avatar: null,
    banner: null,
    roles: [],
    joined_at: joinedAt,
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
    communication_disabled_until: null,
    avatar_decoration_data: null,
    collectibles: null,
  };
}
