import { renameSync, writeFileSync } from 'node:fs';

/** Atomically replaces a file that only its owner may read. */
export function replacePrivateFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
