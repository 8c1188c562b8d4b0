import { expect, it } from 'vitest';
import { parseProxy, withoutCredentials } from './proxy-address.ts';

it.each([
  ['http://proxy.example:3128', 'http://proxy.example:3128'],
  ['https://user:secret@proxy.example', 'https://proxy.example'],
  ['socks5://user:s%40cret@10.0.0.1:1080/', 'socks5://10.0.0.1:1080'],
  ['socks5h://[::1]:1080', 'socks5h://[::1]:1080'],
  ['socks4://proxy.example', undefined],
  ['ftp://proxy.example', undefined],
  ['http://proxy.example/path', undefined],
  ['proxy.example:3128', undefined],
  ['none', undefined],
])('%s is shown as %s', (text, shown) => {
  const url = parseProxy(text);
  expect(url && withoutCredentials(url)).toBe(shown);
});
