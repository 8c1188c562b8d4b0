import { watch } from 'node:fs';
import { logEnd, readLog } from './log-file.ts';

/** Calls back with each complete line added to a log from now on. Returns a function that stops it. */
export function followLog(file: string, onLine: (line: string) => void): () => void {
  let position = logEnd(file);
  let unfinished = '';
  const watcher = watch(file, () => {
    const end = logEnd(file);
    if (end < position) position = 0;
    const lines = (unfinished + readLog(file, position)).split('\n');
    position = end;
    unfinished = lines.pop() ?? '';
    lines.forEach(onLine);
  });
  watcher.on('error', () => watcher.close());
  return () => watcher.close();
}
