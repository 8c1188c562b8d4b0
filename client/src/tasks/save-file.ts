/** What is used of a page. The types of a whole browser would hide mistakes elsewhere. */
interface Page {
  document?: { createElement(name: 'a'): { href: string; download: string; click(): void } };
}

/** Writes a file, or in a page lets the browser save it under that name. */
export async function saveFile(file: string, content: Blob): Promise<void> {
  // Unlike an import, this needs nothing of those who bundle the package for a page.
  const fs = globalThis.process?.getBuiltinModule?.('node:fs/promises');
  if (fs) return fs.writeFile(file, new Uint8Array(await content.arrayBuffer()));
  const { document } = globalThis as Page;
  if (!document) throw new Error('Files cannot be saved here: use picture(), which returns what is in it.');
  const url = URL.createObjectURL(content);
  Object.assign(document.createElement('a'), { href: url, download: file }).click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
