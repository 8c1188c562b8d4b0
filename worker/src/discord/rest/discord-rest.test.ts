import { createServer } from 'node:http';
import { LeaseLost } from '@midjourney-api/shared/accounts/leases';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { closeServer, listen } from '../../../../test/listen.ts';
import { createWorkerMetrics } from '../../metrics.ts';
import { aDiscordAccount } from '../discord-account.fixture.ts';
import { createDiscordRest } from './discord-rest.ts';

let requests = 0;
const discord = createServer((_request, response) => {
  requests += 1;
  response.writeHead(204).end();
});
let apiUrl: string;
beforeAll(async () => {
  apiUrl = `http://127.0.0.1:${await listen(discord)}/api`;
});
afterAll(() => closeServer(discord));
beforeEach(() => {
  requests = 0;
});

const rest = (options: Partial<Parameters<typeof createDiscordRest>[3]>) =>
  createDiscordRest(apiUrl, aDiscordAccount(), createWorkerMetrics('test'), {
    onAccountRefused: () => {},
    ...options,
  });

describe('an interaction', () => {
  it('goes out while the account is this worker’s', async () => {
    expect(await rest({ holdsLease: () => true }).interact({})).toEqual({ type: 'taken' });
    expect(requests).toBe(1);
  });

  it('does not go out once the account is another worker’s', async () => {
    await expect(rest({ holdsLease: () => false }).interact({})).rejects.toThrow(LeaseLost);
    expect(requests).toBe(0);
  });

  it('does not go out once the account is refused', async () => {
    const refusal = { cause: 'captcha', reason: 'a captcha', until: null } as const;
    expect(await rest({ refusal: () => refusal }).interact({})).toEqual({ type: 'account refused', refusal });
    expect(requests).toBe(0);
  });
});
