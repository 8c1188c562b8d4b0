import { isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';
import { expandIPv6 } from 'hono/utils/ipaddr';

/**
 * The address that a request came from; undefined when the app was called without a server.
 * Each proxy in front appends its caller's address to X-Forwarded-For, so the header is read from its right
 * end, one entry for each proxy that is trusted: what a client wrote into it itself stands further left.
 */
export function clientAddress(c: Context, trustedProxies: number): string | undefined {
  const peer = c.env && 'incoming' in c.env ? getConnInfo(c).remote.address : undefined;
  if (trustedProxies === 0) return peer;
  const forwarded = (c.req.header('X-Forwarded-For') ?? '').split(',').map((entry) => entry.trim());
  const hops = forwarded.slice(-trustedProxies).filter((entry) => isIP(entry) !== 0);
  return hops[0] ?? peer;
}

/**
 * What an address is counted under. A customer gets a whole /64 of IPv6, so all of it is one client;
 * an IPv4 address that came through an IPv6 socket is that IPv4 address.
 */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped) return mapped;
  if (isIP(address) !== 6) return address;
  const network = expandIPv6(address.replace(/%.*$/, '')).split(':').slice(0, 4).join(':');
  return `${network}::/64`;
}
