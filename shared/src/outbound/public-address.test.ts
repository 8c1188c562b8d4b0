import { describe, expect, it } from 'vitest';
import { isPublicAddress, objectionToUrl } from './public-address.ts';

describe('an address is public', () => {
  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '11.0.0.1',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.1',
    '192.167.255.255',
    '169.253.1.1',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:82f::200e',
  ])('%s', (address) => expect(isPublicAddress(address)).toBe(true));
});

describe('an address is not public', () => {
  it.each([
    ['this machine', '127.0.0.1'],
    ['this machine, another of its addresses', '127.255.255.254'],
    ['this machine', '::1'],
    ['no address', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['no address', '::'],
    ['a private network', '10.0.0.1'],
    ['a private network', '172.16.0.1'],
    ['a private network', '172.31.255.255'],
    ['a private network', '192.168.178.1'],
    ['a private network', 'fc00::1'],
    ['a private network, and the metadata of AWS', 'fd00:ec2::254'],
    ['link-local, and the metadata of most clouds', '169.254.169.254'],
    ['link-local', 'fe80::1'],
    ['link-local with its interface', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ["a carrier's network", '100.64.0.1'],
    ["a carrier's network, and the metadata of Alibaba", '100.100.100.200'],
    ["Azure's platform", '168.63.129.16'],
    ['the metadata of Oracle', '192.0.0.192'],
    ['documentation', '192.0.2.1'],
    ['documentation', '203.0.113.1'],
    ['documentation', '2001:db8::1'],
    ['benchmarks', '198.18.0.1'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.255'],
    ['multicast', 'ff02::1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['IPv4 within IPv6: mapped', '::ffff:127.0.0.1'],
    ['IPv4 within IPv6: mapped, in hex', '::ffff:a9fe:a9fe'],
    ['IPv4 within IPv6: mapped, a public one', '::ffff:8.8.8.8'],
    ['IPv4 within IPv6: translated', '::ffff:0:127.0.0.1'],
    ['IPv4 within IPv6: compatible', '::127.0.0.1'],
    ['IPv4 within IPv6: NAT64', '64:ff9b::10.0.0.1'],
    ['IPv4 within IPv6: local NAT64', '64:ff9b:1::1'],
    ['IPv4 within IPv6: 6to4', '2002:7f00:1::'],
    ['IPv4 within IPv6: Teredo', '2001::1'],
    ['not given out', '4000::1'],
    ['no address at all', 'example.com'],
    ['no address at all', ''],
  ])('%s: %s', (_what, address) => expect(isPublicAddress(address)).toBe(false));
});

describe('a notify_hook', () => {
  const objection = (hook: string, allowPrivate = false) => objectionToUrl(hook, { allowPrivate });

  it.each([
    'https://hooks.example.com/a?b=c',
    'https://1.1.1.1:8443/',
    'https://[2606:4700::1]/',
    'https://localhost.example/',
  ])('may be %s', (hook) => expect(objection(hook)).toBeUndefined());

  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.0.0.1/',
    'https://0177.0.0.1/',
    'https://１２７.0.0.1/',
    'https://127.0.0.1./',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://user:password@10.0.0.1/',
    'https://localhost:8086/',
    'https://LOCALHOST./',
    'https://api.localhost/',
  ])('may not be %s', (hook) => expect(objection(hook)).toBe('must lead to a public address'));

  it.each(['http://hooks.example.com/', 'ftp://hooks.example.com/', 'file:///etc/passwd'])(
    'may not be %s: not https',
    (hook) => expect(objection(hook)).toBe('must be an https URL'),
  );

  it('may be private and plain http where that is allowed, and nothing else', () => {
    expect(objection('http://127.0.0.1:3000/', true)).toBeUndefined();
    expect(objection('https://localhost/', true)).toBeUndefined();
    expect(objection('file:///etc/passwd', true)).toBe('must be an http or https URL');
    expect(objection('not a url', true)).toBe('must be a URL');
  });
});
