import {
  type CountingProxy,
  startHttpProxy,
  startSocksProxy,
} from '@midjourney-api/simulator/testing/counting-proxies';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../scripts/services/free-port.ts';
import { openCheckHost } from './check-host.ts';
import type { Client } from './client.ts';
import { download, pictureOf, sha256 } from './pictures.ts';
import { SimulatorControl } from './simulator-control.ts';
import { startSystem } from './system.ts';
import { until } from './until.ts';

/**
 * An account with a proxy. Discord has names here that the proxy alone can resolve: what goes around it, or looks the
 * name up by itself, goes nowhere.
 */

const credentials = { user: 'someone', password: 's3cret@proxy' };

const proxies = { 'an HTTP proxy': startHttpProxy, 'a SOCKS5 proxy': startSocksProxy };
const sessions = {
  bot: {},
  user: { DISCORD_SESSION: 'user', DISCORD_BOT_TOKEN: '' },
};

/** What is shown of a picture while it is drawn. */
async function expectPreview(client: Client, midjourney: SimulatorControl) {
  await midjourney.fault({ kind: 'slow', drawMs: 5_000, times: 1, match: {} });
  const id = await client.submit('/imagine', { prompt: 'slowly, far away' });
  let shown: Response | undefined;
  await until('a preview is shown', async () => {
    const { preview_url, status } = await client.task(id);
    expect(status).not.toBe('succeeded');
    if (preview_url) shown = await fetch(preview_url);
    return shown?.ok === true;
  });
  expect(shown?.headers.get('content-type')).toMatch(/^image/);
}

describe.each(Object.entries(proxies))('%s', (_name, start) => {
  // Each has a system of its own.
  it.concurrent.each(Object.entries(sessions))(
    'has everything of an account with a %s session go through it',
    async (session, env) => {
      const checkHost = await openCheckHost();
      const port = await freePort();
      const proxy: CountingProxy = await start({
        credentials,
        hosts: {
          'discord.test': `127.0.0.1:${port}`,
          'check.test': new URL(checkHost.url).host,
        },
      });
      const system = await startSystem({
        simulator: { port, publicUrl: `http://discord.test:${port}` },
        proxy: proxy.url,
        env: { ...env, DISCORDSAYS_URL: 'http://check.test' },
      });
      try {
        const midjourney = new SimulatorControl(system.simulator.controlUrl);
        const client = await system.newUser();
        const grid = await client.run('/imagine', { prompt: 'far away' });
        const [job] = await midjourney.jobs('far away');
        expect(sha256(await download(grid))).toBe(job?.imageSha256);
        await client.run('/upscale', { trigger_id: grid.trigger_id, index: 1 });
        await expectPreview(client, midjourney);

        const form = new FormData();
        form.append('file', await pictureOf('teal'), 'picture.png');
        const { upload_filename } = (
          await client.request<{ upload_filename: string }>('POST', '/upload', form)
        ).body;
        await client.run('/describe', { upload_filename });
        await client.request('POST', '/message', { upload_filename });

        if (session === 'user') {
          await midjourney.account(system.simulator.accounts[0]?.userId ?? '', 'verify');
          await until('the link of the check is known', async () => {
            const [shown] = JSON.parse(await system.accounts('--json', 'list'));
            return shown.check_link;
          });
          expect(proxy.connections.has('check.test:80')).toBe(true);
        }
        // At least the gateway's and one for requests.
        expect(proxy.connections.get(`discord.test:${port}`)).toBeGreaterThan(1);

        const [shown] = JSON.parse(await system.accounts('--json', 'list'));
        for (const text of [JSON.stringify(shown), system.output()]) {
          for (const secret of [credentials.password, encodeURIComponent(credentials.password)])
            expect(text).not.toContain(secret);
        }
      } finally {
        await system.stop();
        await proxy.close();
        await checkHost.close();
      }
    },
  );
});
