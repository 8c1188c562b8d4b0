import { answered } from '../http/answered.ts';
import type { Connection } from '../http/connection.ts';
import type {
  AccountCheck,
  AccountInfo,
  Accounts,
  Audit,
  ChangedSettings,
  MidjourneySettings,
  WantedSettings,
} from '../schema.ts';
import { itemsOf } from './pages.ts';
import type { QueryOf, RequestOptions } from './types.ts';

/** Methods for operators only. */
export function operatorRoutes({ raw }: Connection) {
  return {
    /** The Midjourney accounts. */
    accounts: ({ signal }: RequestOptions = {}): Promise<Accounts> =>
      answered(raw.GET('/v1/api/trigger/accounts', { signal })),

    /** Checks an account for present and coming problems, and says what to do. */
    checkAccount: (name: string, { signal }: RequestOptions = {}): Promise<AccountCheck> =>
      answered(
        raw.GET('/v1/api/trigger/accounts/{name}/check', {
          params: { path: { name } },
          signal,
        }),
      ),

    /** Midjourney's `/info` of an account; the name can be left out if there is only one. */
    accountInfo: (account?: string, { signal }: RequestOptions = {}): Promise<AccountInfo> =>
      answered(
        raw.GET('/v1/api/trigger/account/info', {
          params: { query: account === undefined ? {} : { account } },
          signal,
        }),
      ),

    /** Midjourney's `/settings` of an account. */
    accountSettings: (name: string, { signal }: RequestOptions = {}): Promise<MidjourneySettings> =>
      answered(
        raw.GET('/v1/api/trigger/accounts/{name}/settings', {
          params: { path: { name } },
          signal,
        }),
      ),

    /** Changes Midjourney's `/settings` of an account. */
    changeAccountSettings: (
      name: string,
      wanted: WantedSettings,
      { signal }: RequestOptions = {},
    ): Promise<ChangedSettings> =>
      answered(
        raw.PATCH('/v1/api/trigger/accounts/{name}/settings', {
          params: { path: { name } },
          body: wanted,
          signal,
        }),
      ),

    /** The audit log, newest first, fetched page by page. */
    audit: (
      query: Omit<QueryOf<'listAudit'>, 'cursor'> = {},
      { signal }: RequestOptions = {},
    ): AsyncGenerator<Audit['data'][number], void, void> =>
      itemsOf((cursor) =>
        answered(
          raw.GET('/v1/api/trigger/audit', {
            params: { query: cursor === undefined ? query : { ...query, cursor: Number(cursor) } },
            signal,
          }),
        ),
      ),

    /** Whether the process answers. */
    health: ({ signal }: RequestOptions = {}) => answered(raw.GET('/healthz', { signal })),

    /** Whether MySQL and Redis can be reached; if not, a ProblemError says which one. */
    readiness: ({ signal }: RequestOptions = {}) => answered(raw.GET('/readyz', { signal })),

    /** The metrics for Prometheus, as text. */
    metrics: ({ signal }: RequestOptions = {}): Promise<string> =>
      answered(raw.GET('/metrics', { parseAs: 'text', signal })),
  };
}
