import { LeaseLost } from '@midjourney-api/shared/accounts/leases';
import type { Pacing } from '@midjourney-api/shared/accounts/pacing/pacing';
import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import type { Speed } from '@midjourney-api/shared/tasks/task';
import { DiscordAPIError, HTTPError, REST, RequestMethod, type RouteLike } from 'discord.js';
import type { APIMessage } from 'discord-api-types/v10';
import { fetch } from 'undici';
import { z } from 'zod';
import type { WorkerMetrics } from '../../metrics.ts';
import { AccountRefused, accountRefusalIn } from './account-refused.ts';
import { type DiscordMessage, readMessage } from '../message.ts';
import { proxyAt } from '../proxy.ts';
import { countedRequests, timedRequests } from './timed-requests.ts';

/** Where an account lives, and its two credentials. */
export interface DiscordAccount {
  name: string;
  guildId: string;
  channelId: string;
  /** Sends commands, button presses and uploads. */
  userToken: string;
  /** Who listens: the operator's bot, or the user whose account it is. */
  session: 'bot' | 'user';
  /** Listens, and reads the channel's history. A user's session can do without. */
  botToken: string | null;
  concurrency: number;
  /** The only speed that it draws at; null: as asked, or as Midjourney is set. */
  speed: Speed | null;
  /** Its share of new drawings: twice the weight, twice as many. */
  weight: number;
  pacing: Pacing;
  /** Where everything goes through; may hold a password. null: to Discord directly. */
  proxy: string | null;
}

/** What became of a request to Discord that must not be sent twice. */
export type SendOutcome =
  /** Discord took it. Midjourney may still do nothing. */
  | { type: 'taken' }
  /** Discord definitely did not take it: refused, or never reached. */
  | { type: 'refused'; status: number; code: number; message: string }
  /** Discord definitely did not take it, nor will it take anything else of this account. */
  | { type: 'account refused'; refusal: AccountRefusal }
  | { type: 'unreachable'; message: string }
  /** Not known whether Discord took it: the answer was lost, or Discord failed while it worked on it. */
  | { type: 'unknown'; message: string };

/** Discord's answer as it is. */
export interface RawAnswer {
  status: number;
  body: unknown;
  /** Discord's clock, in seconds, where the answer says so. */
  date: string | null;
}

const gatewaySchema = z.object({ url: z.url() });

const commandIndexSchema = z.object({
  application_commands: z.array(
    z.object({ id: z.string(), version: z.string(), name: z.string(), application_id: z.string() }),
  ),
});
export type ApplicationCommand = z.infer<typeof commandIndexSchema>['application_commands'][number];

const uploadSlotSchema = z.object({
  attachments: z.array(z.object({ upload_url: z.url(), upload_filename: z.string() })).min(1),
});
interface UploadSlot {
  uploadUrl: string;
  uploadFilename: string;
}

const postedSchema = z.object({ attachments: z.array(z.object({ url: z.url() })).min(1) });

const refreshedSchema = z.object({
  refreshed_urls: z.array(z.object({ original: z.string(), refreshed: z.url() })),
});

/** Discord's REST API as one account uses it. discord.js keeps within Discord's rate limits and waits out a 429. */
export interface DiscordRest {
  /** Address of the gateway. */
  gatewayUrl(): Promise<string>;
  /** Counts that the account's session logs in at the gateway. */
  loggingIn(): void;
  /**
   * Never repeated by itself: a second one would draw a second picture.
   * @throws {LeaseLost} without having sent it, when the account is another worker's by the time it would go out.
   */
  interact(interaction: Record<string, unknown>): Promise<SendOutcome>;
  /** Not repeated by itself. @throws {AccountRefused} */
  findCommands(): Promise<ApplicationCommand[]>;
  /**
   * Reacts to a message of the channel as the user. Not repeated by itself.
   * @returns false when the message is gone. @throws {AccountRefused}
   */
  react(messageId: string, emoji: string): Promise<boolean>;
  upload(file: { filename: string; contentType: string; bytes: Buffer }): Promise<UploadSlot>;
  /** Posts an uploaded picture into the channel. @returns its link. */
  postImage(file: { filename: string; uploadFilename: string }, nonce: string): Promise<string>;
  /** Links that work again, by those that have expired; at most 50. */
  refreshLinks(links: string[]): Promise<Map<string, string>>;
  /** Messages of the channel after the given one, oldest first, at most 100. */
  historyAfter(messageId: string): Promise<{ messages: DiscordMessage[]; newestId: string | undefined }>;
  /**
   * What Discord answers to a GET, refusals included, for checks of the account. 403 is about what was asked for, so it
   * does not stop the account. @throws when there is no answer.
   */
  look(as: 'user' | 'bot', path: string): Promise<RawAnswer>;
  /** Id of the channel's newest message; undefined in an empty channel. */
  newestMessageId(): Promise<string | undefined>;
}

/** Discord answers an interaction within three seconds or not at all. */
const timeout = 10_000;

export interface DiscordRestOptions {
  /**
   * Whether the account is still this worker's. Called right before an interaction goes out: Discord's rate limits may
   * have kept it waiting so long that another worker has the account by now, and has sent it.
   */
  holdsLease?(): boolean;
  /** Why the user may send nothing now. Called right before anything goes out that is more than reading. */
  refusal?(): AccountRefusal | undefined;
  /** Called when an interaction goes out. */
  onInteraction?(): void;
  /** Called when Discord does not let the account act, whatever it was about to do. */
  onAccountRefused(refusal: AccountRefusal): void;
}

export function createDiscordRest(
  apiUrl: string,
  account: DiscordAccount,
  metrics: Pick<WorkerMetrics, 'discordRequests' | 'userTokenRequests'>,
  {
    holdsLease = () => true,
    refusal: refusalNow = () => undefined,
    onInteraction = () => {},
    onAccountRefused,
  }: DiscordRestOptions,
): DiscordRest {
  const makeRequest = timedRequests(metrics);
  const makeUserRequest = countedRequests(makeRequest, account.name, metrics);
  const makeAction: typeof makeRequest = (url, init) => {
    const refusal = refusalNow();
    if (refusal) throw new AccountRefused(refusal);
    return makeUserRequest(url, init);
  };
  const makeInteraction: typeof makeRequest = (url, init) => {
    if (!holdsLease()) throw new LeaseLost(`The lease of the account "${account.name}" has ended.`);
    const answer = makeAction(url, init);
    onInteraction();
    return answer;
  };
  // The user's token goes out as it is, without the prefix that discord.js puts before a bot's.
  const asUser = { auth: false, headers: { Authorization: account.userToken } };
  const dispatcher = proxyAt(account.proxy)?.dispatcher;
  const asUserRest = { api: apiUrl, version: '9', timeout, agent: dispatcher ?? null };
  const sending = new REST({ ...asUserRest, retries: 0, makeRequest: makeAction });
  const interacting = new REST({ ...asUserRest, retries: 0, makeRequest: makeInteraction });
  const asking = new REST({ ...asUserRest, retries: 2, makeRequest: makeAction });
  const readingAsUser = new REST({ ...asUserRest, retries: 2, makeRequest: makeUserRequest });
  const reading = account.botToken
    ? new REST({ ...asUserRest, version: '10', retries: 2, makeRequest }).setToken(account.botToken)
    : readingAsUser;
  const open = new REST({ ...asUserRest, retries: 2, makeRequest });
  const asReader = account.botToken ? {} : asUser;

  async function page(query: Record<string, string>): Promise<APIMessage[]> {
    const request = { ...asReader, query: new URLSearchParams(query) };
    return (await reading.get(`/channels/${account.channelId}/messages`, request)) as APIMessage[];
  }

  /** What a request of the user failed with, the account's refusal made known if it is one. */
  function failureOf(error: unknown): unknown {
    const refusal = accountRefusalIn(error);
    if (!refusal) return error;
    onAccountRefused(refusal);
    return new AccountRefused(refusal);
  }

  /** As `failureOf`; but 403 may be about the picture, which is the client's. */
  function uploadFailureOf(error: unknown): unknown {
    return error instanceof DiscordAPIError && error.status === 403 ? error : failureOf(error);
  }

  return {
    async gatewayUrl() {
      return gatewaySchema.parse(await open.get('/gateway', { auth: false })).url;
    },

    loggingIn() {
      if (account.session === 'user') metrics.userTokenRequests.inc({ account: account.name, kind: 'login' });
    },

    async interact(interaction) {
      try {
        await interacting.post('/interactions', { ...asUser, body: interaction });
        return { type: 'taken' };
      } catch (error) {
        if (error instanceof LeaseLost) throw error;
        return outcomeOf(failureOf(error));
      }
    },

    async findCommands() {
      const index = await sending
        .get(`/guilds/${account.guildId}/application-command-index`, asUser)
        .catch((error) => {
          throw failureOf(error);
        });
      return commandIndexSchema.parse(index).application_commands;
    },

    async react(messageId, emoji) {
      const path = `/channels/${account.channelId}/messages/${messageId}/reactions/${encodeURIComponent(emoji)}/@me`;
      const query = new URLSearchParams({ location: 'Message', type: '0' });
      try {
        await sending.put(path as `/${string}`, { ...asUser, query });
        return true;
      } catch (error) {
        if (error instanceof DiscordAPIError && error.code === unknownMessage) return false;
        throw failureOf(error);
      }
    },

    async upload({ filename, contentType, bytes }) {
      const slotRequest = { ...asUser, body: { files: [{ filename, file_size: bytes.length, id: '0' }] } };
      const answer = await asking
        .post(`/channels/${account.channelId}/attachments`, slotRequest)
        .catch((error) => {
          throw uploadFailureOf(error);
        });
      const [slot] = uploadSlotSchema.parse(answer).attachments;
      if (!slot) throw new Error('Discord handed out no address for the upload.');
      const put = await fetch(slot.upload_url, {
        ...(dispatcher && { dispatcher }),
        method: 'PUT',
        headers: { 'Content-Type': contentType },
        body: new Uint8Array(bytes),
        signal: AbortSignal.timeout(30_000),
      });
      if (!put.ok) throw new Error(`Discord's store answered ${put.status} to the upload.`);
      return { uploadUrl: slot.upload_url, uploadFilename: slot.upload_filename };
    },

    async postImage({ filename, uploadFilename }, nonce) {
      const body = {
        content: '',
        nonce,
        channel_id: account.channelId,
        type: 0,
        sticker_ids: [],
        attachments: [{ id: '0', filename, uploaded_filename: uploadFilename }],
      };
      const answer = await sending
        .post(`/channels/${account.channelId}/messages`, { ...asUser, body })
        .catch((error) => {
          throw uploadFailureOf(error);
        });
      const [posted] = postedSchema.parse(answer).attachments;
      if (!posted) throw new Error('Discord posted the message without the picture.');
      return posted.url;
    },

    async refreshLinks(links) {
      const answer = await reading.post('/attachments/refresh-urls', {
        ...asReader,
        body: { attachment_urls: links },
      });
      const { refreshed_urls } = refreshedSchema.parse(answer);
      return new Map(refreshed_urls.map(({ original, refreshed }) => [original, refreshed]));
    },

    async historyAfter(messageId) {
      const raw = await page({ limit: '100', after: messageId });
      // Discord lists the newest first.
      const messages = raw.map(readMessage).filter((message) => message !== undefined);
      return { messages: messages.reverse(), newestId: raw[0]?.id };
    },

    async look(as, path) {
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

    async newestMessageId() {
      const [newest] = await page({ limit: '1' });
      return newest?.id;
    },
  };
}

/** https://discord.com/developers/docs/topics/opcodes-and-status-codes#json */
const unknownMessage = 10_008;

/** Errors of sockets that never carried the request: Discord cannot have seen it. */
const neverSent = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
];

function outcomeOf(error: unknown): SendOutcome {
  if (error instanceof AccountRefused) return { type: 'account refused', refusal: error.refusal };
  if (error instanceof DiscordAPIError) {
    return { type: 'refused', status: error.status, code: Number(error.code), message: error.message };
  }
  if (error instanceof HTTPError) return { type: 'unknown', message: `Discord answered ${error.status}` };
  if (!(error instanceof Error)) throw error;
  const code = socketErrorCode(error);
  return neverSent.includes(code)
    ? { type: 'unreachable', message: code }
    : { type: 'unknown', message: code };
}

function socketErrorCode(error: Error): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return error.name;
}
