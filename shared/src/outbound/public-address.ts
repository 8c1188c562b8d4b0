import ipaddr from 'ipaddr.js';

/**
 * Azure's own services answer a virtual machine at this address, which is outside of every private range.
 * https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const azurePlatform = '168.63.129.16';

/** All addresses that the registries assign to the internet. https://www.rfc-editor.org/rfc/rfc4291#section-2.4 */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an IP address is on the public internet: not this machine, its network, a cloud's metadata service, a multicast
 * group or anything else that IANA reserves. In doubt it is not.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || address === azurePlatform) return false;
  const parsed = ipaddr.parse(address);
  // Addresses that wrap an IPv4 address (mapped, NAT64, 6to4, Teredo) have their own ranges, so they are refused.
  if (parsed.range() !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(globalUnicast);
}

/**
 * Why no request may go to a URL that others have provided, judged by the URL alone, without DNS. The addresses of its name
 * are checked when connecting.
 * @returns what the URL must be; undefined if there is no objection.
 */
export function objectionToUrl(url: string, { allowPrivate }: { allowPrivate: boolean }): string | undefined {
  if (!URL.canParse(url)) return 'must be a URL';
  const { protocol, hostname } = new URL(url);
  if (allowPrivate) return /^https?:$/.test(protocol) ? undefined : 'must be an http or https URL';
  if (protocol !== 'https:') return 'must be an https URL';
  return isPublicHost(hostname) ? undefined : 'must lead to a public address';
}

/** URL's parser has turned every spelling of an IPv4 address, such as 0x7f.1, into the usual one. */
function isPublicHost(hostname: string): boolean {
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (ipaddr.isValid(address)) return isPublicAddress(address);
  // https://www.rfc-editor.org/rfc/rfc6761#section-6.3
  return !/(^|\.)localhost\.?$/.test(hostname);
}
