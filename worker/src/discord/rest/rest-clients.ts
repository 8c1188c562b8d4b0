import { LeaseLost } from '@midjourney-api/shared/accounts/leases';
import type { AccountRefusal } from '@midjourney-api/shared/accounts/refusal-causes';
import { REST, type RESTOptions, type RequestData } from 'discord.js';
import type { Dispatcher } from 'undici';
import type { WorkerMetrics } from '../../metrics.ts';
import type { DiscordAccount } from '../discord-account.ts';
import { proxyAt } from '../proxy.ts';
import { AccountRefused, accountRefusalIn } from './account-refused.ts';
import { countedRequests, timedRequests } from './timed-requests.ts';

export interface RestClientsOptions {
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

/**
 * discord.js' clients for one account's requests, by what may be repeated and what is checked before it goes out. They
 * keep within Discord's rate limits and wait out a 429.
 */
export interface RestClients {
  /** Interactions, as the user. Never repeated, and refused once the lease has ended. */
  interacting: REST;
  /** What else the user does. Never repeated. */
  sending: REST;
  /** What else the user does, and may be repeated. */
  asking: REST;
  /** Reads as the user, also while the account is refused. */
  readingAsUser: REST;
  /** Reads as the operator's bot; as the user where there is none. */
  reading: REST;
  /** Needs no credential. */
  open: REST;
  /** To be given with each request as the user, and with each of `reading`. */
  asUser: RequestData;
  asReader: RequestData;
  /** Where what is not for Discord's API goes through, if the account has a proxy. */
  dispatcher: Dispatcher | undefined;
  /** The error of a request as the user, replaced by `AccountRefused`, and reported, if Discord refuses the account. */
  failureOf(error: unknown): unknown;
}

/** Discord answers an interaction within three seconds or not at all. */
const timeout = 10_000;

export function createRestClients(
  apiUrl: string,
  account: DiscordAccount,
  metrics: Pick<WorkerMetrics, 'discordRequests' | 'userTokenRequests'>,
  {
    holdsLease = () => true,
    refusal: refusalNow = () => undefined,
    onInteraction = () => {},
    onAccountRefused,
  }: RestClientsOptions,
): RestClients {
  type MakeRequest = RESTOptions['makeRequest'];
  const makeRequest = timedRequests(metrics);
  const makeUserRequest = countedRequests(makeRequest, account.name, metrics);
  const makeAction: MakeRequest = (url, init) => {
    const refusal = refusalNow();
    if (refusal) throw new AccountRefused(refusal);
    return makeUserRequest(url, init);
  };
  const makeInteraction: MakeRequest = (url, init) => {
    if (!holdsLease()) throw new LeaseLost(`The lease of the account "${account.name}" has ended.`);
    const answer = makeAction(url, init);
    onInteraction();
    return answer;
  };
  // The user's token goes out as it is, without the prefix that discord.js puts before a bot's.
  const asUser = { auth: false, headers: { Authorization: account.userToken } };
  const dispatcher = proxyAt(account.proxy)?.dispatcher;
  const options = { api: apiUrl, version: '9', timeout, agent: dispatcher ?? null };
  const readingAsUser = new REST({ ...options, retries: 2, makeRequest: makeUserRequest });
  return {
    interacting: new REST({ ...options, retries: 0, makeRequest: makeInteraction }),
    sending: new REST({ ...options, retries: 0, makeRequest: makeAction }),
    asking: new REST({ ...options, retries: 2, makeRequest: makeAction }),
    readingAsUser,
    reading: account.botToken
      ? new REST({ ...options, version: '10', retries: 2, makeRequest }).setToken(account.botToken)
      : readingAsUser,
    open: new REST({ ...options, retries: 2, makeRequest }),
    asUser,
    asReader: account.botToken ? {} : asUser,
    dispatcher,
    failureOf(error) {
      const refusal = accountRefusalIn(error);
      if (!refusal) return error;
      onAccountRefused(refusal);
      return new AccountRefused(refusal);
    },
  };
}
