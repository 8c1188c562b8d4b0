import type { Session } from './session.ts';

export interface ReadyOptions {
  /** The address to resume at. */
  url: string;
  shard: unknown[];
  /** A guild as the session sees it. */
  guildData(guildId: string): unknown;
}

/** READY: a user has all guilds in it, a bot gets them in events of their own. */
export function readyData(
  session: Session,
  { url, shard, guildData }: ReadyOptions,
): Record<string, unknown> {
  const { principal } = session;
  const common = {
    v: 10,
    user: { ...principal.user, verified: true, mfa_enabled: false, email: null, locale: 'en-US' },
    session_id: session.id,
    resume_gateway_url: url,
    session_type: 'normal',
    private_channels: [],
    relationships: [],
    presences: [],
    geo_ordered_rtc_regions: [],
    _trace: ['["gateway-simulated"]'],
  };
  const guildIds = [...principal.guildIds];
  if (principal.kind === 'user') {
    return { ...common, guilds: guildIds.map(guildData), users: [], sessions: [] };
  }
  return {
    ...common,
    guilds: guildIds.map((id) => ({ id, unavailable: true })),
    shard,
    application: { id: principal.user.id, flags: 1 << 19 },
  };
}
