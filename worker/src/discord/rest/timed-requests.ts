import { DefaultRestOptions, type RESTOptions } from 'discord.js';
import type { WorkerMetrics } from '../../metrics.ts';

/** discord.js' own requests, measured: each attempt counts, also one that is answered with 429. */
export function timedRequests({
  discordRequests,
}: Pick<WorkerMetrics, 'discordRequests'>): RESTOptions['makeRequest'] {
  return async (url, init) => {
    const done = discordRequests.startTimer({ method: init.method ?? 'GET', route: routeOf(url) });
    try {
      const response = await DefaultRestOptions.makeRequest(url, init);
      done({ status: response.status });
      return response;
    } catch (error) {
      done({ status: 'none' });
      throw error;
    }
  };
}

/** What a request with the user's token is for. */
const userRequests: [method: string, route: RegExp, kind: UserRequest][] = [
  ['POST', /^\/interactions$/, 'interaction'],
  ['GET', /\/application-command-index$/, 'commands'],
  ['POST', /\/attachments$/, 'upload'],
  ['POST', /\/messages$/, 'post'],
  ['GET', /\/messages$/, 'history'],
  ['PUT', /\/reactions\//, 'reaction'],
  ['POST', /\/attachments\/refresh-urls$/, 'links'],
];

type UserRequest =
  | 'interaction'
  | 'commands'
  | 'upload'
  | 'post'
  | 'history'
  | 'reaction'
  | 'links'
  | 'login'
  | 'other';

/** The same, counted by kind: Discord watches what user accounts do. */
export function countedRequests(
  makeRequest: RESTOptions['makeRequest'],
  account: string,
  { userTokenRequests }: Pick<WorkerMetrics, 'userTokenRequests'>,
): RESTOptions['makeRequest'] {
  return (url, init) => {
    const route = routeOf(url);
    const known = userRequests.find(([method, pattern]) => method === init.method && pattern.test(route));
    userTokenRequests.inc({ account, kind: known?.[2] ?? 'other' });
    return makeRequest(url, init);
  };
}

/** The path below the version, without ids. */
function routeOf(url: string): string {
  const { pathname } = new URL(url);
  return pathname.replace(/^.*\/v\d+(?=\/)/, '').replace(/\d{10,}/g, ':id');
}
