/** The few browser types in use. Including all of them would hide mistakes elsewhere. */
interface Page {
  document?: { createElement(name: 'a'): { href: string; download: string; click(): void } };
}

/** Writes a file; in a browser, starts a download with that name. */
export async function saveFile(file: string, content: Blob): Promise<void> {
  // Unlike an import, this does not concern bundlers for browsers.
  const fs = globalThis.process?.getBuiltinModule?.('node:fs/promises');
  if (fs) return fs.writeFile(file, new Uint8Array(await content.arrayBuffer()));
  const { document } = globalThis as Page;
  if (!document) throw new Error('Files cannot be saved here: use picture(), which returns what is in it.');
  const url = URL.createObjectURL(content);
  Object.assign(document.createElement('a'), { href: url, download: file }).click();
  // By then the browser has begun to read it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
