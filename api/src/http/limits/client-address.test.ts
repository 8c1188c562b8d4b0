import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { addressGroup, clientAddress } from './client-address.ts';

const peer = '10.0.0.9';

async function addressOf(trustedProxies: number, forwarded?: string): Promise<string> {
  const app = new Hono();
  app.get('/', (c) => c.text(clientAddress(c, trustedProxies) ?? 'nobody'));
  const headers = new Headers(forwarded === undefined ? [] : [['X-Forwarded-For', forwarded]]);
  const response = await app.request('/', { headers }, { incoming: { socket: { remoteAddress: peer } } });
  return response.text();
}

test.each([
  ['the peer, when no proxy is trusted', 0, '203.0.113.1', peer],
  ['the caller of the one proxy', 1, '203.0.113.1', '203.0.113.1'],
  ['the same when the client wrote a header of its own', 1, '198.51.100.7, 203.0.113.1', '203.0.113.1'],
  ['the caller of the first of two proxies', 2, '198.51.100.7, 203.0.113.1, 10.0.0.8', '203.0.113.1'],
  ['what there is when a proxy was passed by', 2, '203.0.113.1', '203.0.113.1'],
  ['the peer, when the proxy says nothing', 1, undefined, peer],
  ['the peer, when the header is nonsense', 1, 'unknown', peer],
  ['an IPv6 address', 1, '2001:db8::1', '2001:db8::1'],
])('is %s', async (_title, proxies, forwarded, expected) => {
  expect(await addressOf(proxies, forwarded)).toBe(expected);
});

test.each([
  ['203.0.113.1', '203.0.113.1'],
  ['::ffff:203.0.113.1', '203.0.113.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:0db8:0001:0002::/64'],
  ['2001:db8:1:2::9', '2001:0db8:0001:0002::/64'],
  ['::1', '0000:0000:0000:0000::/64'],
  ['fe80::1%eth0', 'fe80:0000:0000:0000::/64'],
])('%s counts as %s', (address, group) => {
  expect(addressGroup(address)).toBe(group);
});
