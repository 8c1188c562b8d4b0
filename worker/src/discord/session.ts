import type { Logger } from '@midjourney-api/shared/logger';
import {
  Client,
  DiscordjsErrorCodes,
  Events,
  GatewayCloseCodes,
  GatewayDispatchEvents,
  GatewayIntentBits,
  Options,
} from 'discord.js';
import type {
  GatewayMessageCreateDispatchData,
  GatewayMessageDeleteBulkDispatchData,
  GatewayMessageDeleteDispatchData,
  GatewayMessageUpdateDispatchData,
} from 'discord-api-types/v10';
import { wait } from '../wait.ts';
import { type ChannelEvent, readMessage } from './message.ts';
import type { DiscordAccount } from './rest.ts';

export interface SessionListener {
  event(event: ChannelEvent): void;
  /** The session listens. `resumed`: nothing was missed; else what happened in between is only in the history. */
  ready(info: { resumed: boolean }): void;
  /** The connection broke; discord.js is connecting again. */
  away(): void;
  /** Discord does not let this session in: it stays out until a person has mended that. */
  refused(reason: string): void;
}

export interface Session {
  close(): Promise<void>;
}

/** Close codes of the gateway after which connecting again is no use, in words for the operator. */
const refusals: Partial<Record<number, string>> = {
  [GatewayCloseCodes.AuthenticationFailed]:
    'Discord does not accept the bot token; make a new one for the bot.',
  [GatewayCloseCodes.InvalidIntents]: 'Discord does not know the intents that the bot asks for.',
  [GatewayCloseCodes.DisallowedIntents]:
    'The bot may not read messages: switch on its Message Content intent in the Discord developer portal.',
};

/**
 * Opens the session that listens to an account's channel, as the operator's bot. It reconnects and resumes
 * by itself. Caches are off: a worker must be able to hold many sessions.
 */
export function openSession(
  apiUrl: string,
  account: DiscordAccount,
  listener: SessionListener,
  log: Logger,
): Session {
  const closing = new AbortController();
  const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
    rest: { api: apiUrl },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      ApplicationCommandManager: 0,
      BaseGuildEmojiManager: 0,
      GuildBanManager: 0,
      GuildInviteManager: 0,
      GuildMemberManager: 0,
      GuildScheduledEventManager: 0,
      GuildStickerManager: 0,
      MessageManager: 0,
      PresenceManager: 0,
      ReactionManager: 0,
      StageInstanceManager: 0,
      ThreadManager: 0,
      ThreadMemberManager: 0,
      UserManager: 0,
      VoiceStateManager: 0,
    }),
  });

  const here = (data: { channel_id: string }) => data.channel_id === account.channelId;
  const told = (data: GatewayMessageCreateDispatchData | GatewayMessageUpdateDispatchData) => {
    const message = here(data) ? readMessage(data) : undefined;
    if (message) listener.event({ type: 'message', message });
  };
  // Not discord.js's own message events: those need the caches.
  client.ws.on(GatewayDispatchEvents.MessageCreate, told);
  client.ws.on(GatewayDispatchEvents.MessageUpdate, told);
  client.ws.on(GatewayDispatchEvents.MessageDelete, (data: GatewayMessageDeleteDispatchData) => {
    if (here(data)) listener.event({ type: 'deleted', messageId: data.id });
  });
  client.ws.on(GatewayDispatchEvents.MessageDeleteBulk, (data: GatewayMessageDeleteBulkDispatchData) => {
    if (here(data)) for (const messageId of data.ids) listener.event({ type: 'deleted', messageId });
  });

  client.on(Events.ShardReady, () => listener.ready({ resumed: false }));
  client.on(Events.ShardResume, () => listener.ready({ resumed: true }));
  client.on(Events.ShardReconnecting, () => listener.away());
  client.on(Events.ShardDisconnect, ({ code }) => {
    listener.refused(refusals[code] ?? `Discord closed the gateway session for good (code ${code}).`);
  });
  client.on(Events.Invalidated, () => listener.refused('Discord invalidated the session.'));
  client.on(Events.Error, (err) => log.warn({ err }, 'gateway session error'));
  client.on(Events.ShardError, (err) => log.warn({ err }, 'gateway connection error'));

  void logIn(client, account, listener, log, closing.signal);

  return {
    async close() {
      closing.abort();
      client.ws.removeAllListeners();
      client.removeAllListeners();
      await client.destroy();
    },
  };
}

/** discord.js reconnects once it has been connected; getting there the first time is left to its user. */
async function logIn(
  client: Client,
  account: DiscordAccount,
  listener: SessionListener,
  log: Logger,
  closing: AbortSignal,
) {
  for (let attempt = 0; !closing.aborted; attempt++) {
    try {
      await client.login(account.botToken);
      return;
    } catch (err) {
      if (closing.aborted) return;
      if (err instanceof Error && 'code' in err && err.code === DiscordjsErrorCodes.TokenInvalid) {
        listener.refused('Discord does not accept the bot token; make a new one for the bot.');
        return;
      }
      if (err instanceof Error && 'code' in err && err.code === DiscordjsErrorCodes.DisallowedIntents) {
        listener.refused(refusals[GatewayCloseCodes.DisallowedIntents] ?? '');
        return;
      }
      const delay = Math.min(500 * 2 ** attempt, 15_000);
      log.warn({ err, delay }, 'cannot log in to Discord, trying again');
      await wait(delay, closing).catch(() => {});
    }
  }
}
