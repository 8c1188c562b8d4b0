import { DefaultRestOptions, type RESTOptions } from 'discord.js';
import type { WorkerMetrics } from '../metrics.ts';

/** discord.js' way of asking Discord, measured: each try counts, also one that is answered with 429. */
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

/** The path below the version, without ids. */
function routeOf(url: string): string {
  const { pathname } = new URL(url);
  return pathname.replace(/^.*\/v\d+(?=\/)/, '').replace(/\d{10,}/g, ':id');
}
