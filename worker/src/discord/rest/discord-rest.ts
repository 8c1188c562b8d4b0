import { DiscordAPIError, HTTPError, RequestMethod, type RouteLike } from 'discord.js';
import { z } from 'zod';
import type { WorkerMetrics } from '../../metrics.ts';
import type { DiscordAccount } from '../discord-account.ts';
import { type ChannelRequests, createChannelRequests } from './channel-requests.ts';
import { createInteractionRequests, type InteractionRequests } from './interaction-requests.ts';
import { createRestClients, type RestClientsOptions } from './rest-clients.ts';
import { createUploadRequests, type UploadRequests } from './upload-requests.ts';

/** Discord's REST API as one account uses it. */
export interface DiscordRest extends InteractionRequests, ChannelRequests, UploadRequests {
  /** Address of the gateway. */
  gatewayUrl(): Promise<string>;
  /** Counts that the account's session logs in at the gateway. */
  loggingIn(): void;
  /**
   * What Discord answers to a GET, refusals included, for checks of the account. 403 is about what was asked for, so it
   * does not stop the account. @throws when there is no answer.
   */
  look(as: 'user' | 'bot', path: string): Promise<RawAnswer>;
}

/** Discord's answer as it is. */
export interface RawAnswer {
  status: number;
  body: unknown;
  /** Discord's clock, in seconds, where the answer says so. */
  date: string | null;
}

const gatewaySchema = z.object({ url: z.url() });

export function createDiscordRest(
  apiUrl: string,
  account: DiscordAccount,
  metrics: Pick<WorkerMetrics, 'discordRequests' | 'userTokenRequests'>,
  options: RestClientsOptions,
): DiscordRest {
  const clients = createRestClients(apiUrl, account, metrics, options);
  return {
    ...createInteractionRequests(account, clients),
    ...createChannelRequests(account, clients),
    ...createUploadRequests(account, clients),

    async gatewayUrl() {
      return gatewaySchema.parse(await clients.open.get('/gateway', { auth: false })).url;
    },

    loggingIn() {
      if (account.session === 'user') metrics.userTokenRequests.inc({ account: account.name, kind: 'login' });
    },

    async look(as, path) {
      const { reading, readingAsUser, asUser, failureOf } = clients;
      const rest = as === 'bot' ? reading : readingAsUser;
      const request = { method: RequestMethod.Get, fullRoute: path as RouteLike };
      try {
        const answer = await rest.queueRequest({ ...request, ...(as === 'user' && asUser) });
        return { status: answer.status, body: await answer.json(), date: answer.headers.get('date') };
      } catch (error) {
        if (error instanceof HTTPError) return { status: error.status, body: null, date: null };
        if (!(error instanceof DiscordAPIError)) throw error;
        if (as === 'user' && error.status !== 403) failureOf(error);
        return { status: error.status, body: error.rawError, date: null };
      }
    },
  };
}
