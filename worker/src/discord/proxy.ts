import type { Agent } from 'node:http';
import { socksDispatcher } from 'fetch-socks';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { SocksProxyAgent } from 'socks-proxy-agent';
import { type Dispatcher, ProxyAgent } from 'undici';

/** The two ways in which an account reaches Discord: requests, and the gateway's WebSocket. */
export interface AccountProxy {
  dispatcher: Dispatcher;
  agent: Agent;
}

const opened = new Map<string, AccountProxy>();

/** @param address such as `http://user:password@host:3128` or `socks5://host:1080`; null for none. */
export function proxyAt(address: string | null): AccountProxy | undefined {
  if (address === null) return undefined;
  const proxy = opened.get(address) ?? openProxy(new URL(address));
  opened.set(address, proxy);
  return proxy;
}

/** Names of hosts are resolved by the proxy: a look-up here would go around it. */
function openProxy(url: URL): AccountProxy {
  if (url.protocol === 'http:' || url.protocol === 'https:')
    return { dispatcher: new ProxyAgent(url.href), agent: new HttpsProxyAgent(url.href) };
  const { hostname: host, port, username, password } = url;
  const credentials = username && {
    userId: decodeURIComponent(username),
    password: decodeURIComponent(password),
  };
  return {
    dispatcher: socksDispatcher({ type: 5, host, port: Number(port || 1080), ...credentials }),
    agent: new SocksProxyAgent(url.href.replace(/^socks5h?:/, 'socks5h:')),
  };
}
