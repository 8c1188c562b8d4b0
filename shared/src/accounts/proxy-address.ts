const protocols = ['http:', 'https:', 'socks5:', 'socks5h:'];

/** @returns undefined if the text is not the address of a proxy. */
export function parseProxy(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isPlain = ['', '/'].includes(url.pathname) && url.search === '' && url.hash === '';
  return protocols.includes(url.protocol) && url.hostname !== '' && isPlain ? url : undefined;
}

/** The address for people to recognise, without user and password. */
export function withoutCredentials({ protocol, host }: URL): string {
  return `${protocol}//${host}`;
}
