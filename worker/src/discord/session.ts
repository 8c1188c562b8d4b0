import {
  DefaultWebSocketManagerOptions,
  type SessionInfo,
  WebSocketShard,
  WebSocketShardEvents,
  WebSocketShardStatus,
} from '@discordjs/ws';
import type { Logger } from '@midjourney-api/shared/logging/logger';
import {
  GatewayCloseCodes,
  GatewayDispatchEvents,
  type GatewayDispatchPayload,
  GatewayIntentBits,
  GatewayOpcodes,
  type GatewaySendPayload,
} from 'discord-api-types/v10';
import { retry } from '../retry.ts';
import { wait } from '../wait.ts';
import { type ChannelEvent, readDispatch } from './channel-event.ts';
import type { DiscordAccount } from './discord-account.ts';
import { proxyAt } from './proxy.ts';
import type { DiscordRest } from './rest/discord-rest.ts';

export interface SessionListener {
  /** Everything that the gateway sends, unchanged. */
  dispatch?(dispatch: GatewayDispatchPayload): void;
  event(event: ChannelEvent): void;
  /**
   * The session listens. `resumed`: nothing was missed; else what happened in between is only in the history.
   * `sessionId` is the one of its READY: Discord sends what only the user may see to the session that the user's
   * interaction named.
   */
  ready(info: { resumed: boolean; sessionId: string }): void;
  /** The connection broke; it is being opened again. */
  away(): void;
  /** Discord does not let this session in: it stays out until a person has mended that. */
  refused(reason: string): void;
}

export interface Session {
  close(): Promise<void>;
}

const botIntents =
  GatewayIntentBits.Guilds | GatewayIntentBits.GuildMessages | GatewayIntentBits.MessageContent;

/** How the client identifies itself to Discord: as what it is, in a user's session as in a bot's. */
const program = { os: process.platform, browser: 'midjourney-api', device: 'midjourney-api' };

/** Discord accepts one IDENTIFY in five seconds, and a thousand a day: beyond that it revokes the token. */
const identifyEveryMs = 5_000;
const identifyAtLeastEveryMs = 120_000;

/** How long a connection that does not answer may delay its closing. */
const closeWithinMs = 1_000;

/**
 * Opens the session that listens to an account's channel, as the operator's bot or as the account's user. It
 * reconnects and resumes by itself. A session is one of discord.js' shards without the client around it, which caches
 * the whole server for bots, and does not accept users.
 */
export function openSession(
  rest: Pick<DiscordRest, 'gatewayUrl' | 'loggingIn'>,
  account: DiscordAccount,
  listener: SessionListener,
  log: Logger,
): Session {
  const isUser = account.session === 'user';
  const token = isUser ? account.userToken : account.botToken;
  const closing = new AbortController();
  const { signal } = closing;
  let shard: WebSocketShard | undefined;
  let sessionInfo: SessionInfo | null = null;
  let identifies = 0;
  let nextIdentifyAt = 0;
  let greeted = false;
  let sessionId = '';

  function createShard(url: string, token: string): WebSocketShard {
    const shardClass = isUser ? UserShard : WebSocketShard;
    return new shardClass(
      {
        options: {
          ...DefaultWebSocketManagerOptions,
          // By patches/@discordjs__ws: the library has no option for it.
          ...{ agent: proxyAt(account.proxy)?.agent },
          token,
          intents: botIntents,
          identifyProperties: program,
          shardCount: 1,
          // A shard reads the address alone.
          gatewayInformation: {
            url,
            shards: 1,
            session_start_limit: { total: 1, remaining: 1, reset_after: 0, max_concurrency: 1 },
          },
        },
        // A shard asks before it connects. That is also the only moment to stop it: closed in the middle of
        // connecting, it would connect again.
        retrieveSessionInfo: () => (signal.aborted ? new Promise(() => {}) : sessionInfo),
        updateSessionInfo: (_id, info) => {
          sessionInfo = info;
        },
        async waitForIdentify(_id, disconnected) {
          await wait(Math.max(nextIdentifyAt - Date.now(), 0), disconnected);
          const pause = Math.min(identifyEveryMs * 2 ** identifies++, identifyAtLeastEveryMs);
          nextIdentifyAt = Date.now() + pause;
          rest.loggingIn();
        },
      },
      0,
    );
  }

  function handle(dispatch: GatewayDispatchPayload): void {
    switch (dispatch.t) {
      case GatewayDispatchEvents.Ready: {
        identifies = 0;
        sessionId = dispatch.d.session_id;
        const isPending = dispatch.d.guilds.some(
          ({ id, unavailable }) => id === account.guildId && unavailable,
        );
        if (!isPending) listener.ready({ resumed: false, sessionId });
        return;
      }
      case GatewayDispatchEvents.GuildCreate:
        // Also when it comes back after an outage: no event says what happened during it.
        if (dispatch.d.id === account.guildId && !dispatch.d.unavailable)
          listener.ready({ resumed: false, sessionId });
        return;
      case GatewayDispatchEvents.Resumed:
        listener.ready({ resumed: true, sessionId });
        return;
      default:
        for (const event of readDispatch(dispatch, account.channelId)) listener.event(event);
    }
  }

  function listenTo(shard: WebSocketShard): void {
    shard.on(WebSocketShardEvents.Dispatch, ({ data }) => {
      if (signal.aborted) return;
      try {
        listener.dispatch?.(data);
        handle(data);
      } catch (err) {
        log.error({ err, event: data.t }, 'an event of the gateway could not be handled');
      }
    });
    shard.on(WebSocketShardEvents.Hello, () => {
      greeted = true;
    });
    shard.on(WebSocketShardEvents.Closed, ({ code }) => {
      greeted = false;
      if (signal.aborted) return;
      const refusal = refusalOf(code, account.session);
      if (refusal) listener.refused(refusal);
      else listener.away();
    });
    shard.on(WebSocketShardEvents.Error, ({ error: err }) => {
      if (!signal.aborted) log.warn({ err }, 'gateway connection error');
    });
  }

  async function open(): Promise<void> {
    if (!token) {
      listener.refused('The account has no bot token: set one, or let it listen with a session of its user.');
      return;
    }
    const url = await retry(() => rest.gatewayUrl(), {
      onRetry: (err) => log.warn({ err }, 'cannot reach Discord, trying again'),
      signal,
    }).catch(() => undefined);
    // Closed in the meantime.
    if (url === undefined) return;
    shard = createShard(url, token);
    listenTo(shard);
    // It keeps trying, and its events report how that goes.
    shard.connect().catch(() => {});
  }

  void open();

  return {
    async close() {
      closing.abort();
      if (!shard || shard.status === WebSocketShardStatus.Idle) return;
      if (!greeted) {
        // A shard cannot end a connection before it is there.
        shard.once(WebSocketShardEvents.Hello, () => void shard?.destroy());
        return;
      }
      const waited = new AbortController();
      await Promise.race([shard.destroy(), wait(closeWithinMs, waited.signal).catch(() => {})]);
      waited.abort();
    },
  };
}

/** Intents and shards are for bots. A user's session sees what the user sees. */
class UserShard extends WebSocketShard {
  override send(payload: GatewaySendPayload): Promise<void> {
    if (payload.op === GatewayOpcodes.Identify) {
      for (const field of ['intents', 'shard']) Reflect.deleteProperty(payload.d, field);
    }
    return super.send(payload);
  }
}

/** Why connecting again is no use after this close code of the gateway, in words for the operator. */
function refusalOf(code: number, session: DiscordAccount['session']): string | undefined {
  switch (code) {
    case GatewayCloseCodes.AuthenticationFailed:
      return session === 'bot'
        ? 'Discord does not accept the bot token; make a new one for the bot.'
        : "Discord does not accept the user's token; it has changed, or the user was logged out.";
    case GatewayCloseCodes.DisallowedIntents:
      return 'The bot may not read messages: switch on its Message Content intent in the Discord developer portal.';
    case GatewayCloseCodes.InvalidShard:
    case GatewayCloseCodes.ShardingRequired:
    case GatewayCloseCodes.InvalidAPIVersion:
    case GatewayCloseCodes.InvalidIntents:
      return `Discord closed the gateway session for good (code ${code}).`;
    default:
      return undefined;
  }
}
