import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SimulatorControl } from './simulator-control.ts';
import { startSystem } from './system.ts';
import { until } from './until.ts';

/** Exactly what is asked of Discord with the user's token, in all that the account's session does. */

const sessions = {
  bot: { env: {}, start: {} },
  user: {
    env: { DISCORD_SESSION: 'user', DISCORD_BOT_TOKEN: '' },
    start: { 'GET /channels/:id/messages': 1 },
  },
};

/** Everything that is done again and again is done every 50 ms, twenty times as often as usual. */
const lease = { ACCOUNT_LEASE_MS: '200' };

// Each with a system of its own: most of it is waiting.
describe.concurrent.each(Object.entries(sessions))('a %s session', (_session, { env, start }) => {
  it('uses the user’s token for one look-up of commands, what is sent, and nothing else', async () => {
    const system = await startSystem({ env: { ...env, ...lease } });
    try {
      const midjourney = new SimulatorControl(system.simulator.controlUrl);
      const calls = async () => {
        const [account] = await midjourney.accountStats();
        return Object.fromEntries(
          Object.entries(account?.userCalls ?? {}).map(([route, statuses]) => [
            route.replaceAll(/\d{10,}/g, ':id'),
            Object.values(statuses).reduce((sum, count) => sum + count, 0),
          ]),
        );
      };
      expect(await calls()).toEqual(start);

      const client = await system.newUser();
      const grid = await client.run('/imagine', { prompt: 'a quiet harbour' });
      const commands = { 'GET /guilds/:id/application-command-index': 1 };
      expect(await calls()).toEqual({ ...start, ...commands, 'POST /interactions': 1 });

      await client.run('/upscale', { trigger_id: grid.trigger_id, index: 1 });
      const all = { ...start, ...commands, 'POST /interactions': 2 };
      expect(await calls()).toEqual(all);

      // As in an idle hour: leases are renewed, accounts are looked at, the connection breaks and is resumed.
      await midjourney.dropGateway({ resumable: true });
      await until('it is back', async () => (await midjourney.accountStats())[0]?.sessions.length === 1);
      await setTimeout(5_000);
      expect(await calls()).toEqual(all);

      const counted = await until('the worker has reported', async () => {
        const metrics = await (await fetch(`${system.apiUrl}/metrics`)).text();
        const lines = [...metrics.matchAll(/^midjourney_user_token_requests_total\{(.*)\} (\d+)$/gm)];
        const kinds = lines.map(([, labels, count]) => [
          /kind="(\w+)"/.exec(labels ?? '')?.[1],
          Number(count),
        ]);
        const found = Object.fromEntries(kinds);
        return found.interaction === 2 && found;
      });
      expect(counted).toEqual({
        interaction: 2,
        commands: 1,
        ...('GET /channels/:id/messages' in start && { history: 1, login: 1 }),
      });
    } finally {
      await system.stop();
    }
  });
});
