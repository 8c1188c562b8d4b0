const protocols = ['http:', 'https:', 'socks5:', 'socks5h:'];

/** @returns undefined for what is no address of a proxy. */
export function parseProxy(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = ['', '/'].includes(url.pathname) && url.search === '' && url.hash === '';
  return protocols.includes(url.protocol) && url.hostname !== '' && isPlain ? url : undefined;
}

/** A proxy for people to recognise, without the name and password that it may want. */
export function withoutCredentials({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}
