import { renameSync, writeFileSync } from 'node:fs';

/** Replaces a file that only its owner may read, at once: a reader never sees a part of it. */
export function replacePrivateFile(file: string, text: string): void {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
