import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * When the process started, in the platform's unit; undefined if there is no such process. Together with the pid it
 * identifies a process: pids are reused, in containers soon and in the same order, so a pid alone must never decide what
 * gets a signal.
 */
export function processStartedAt(pid: number): string | undefined {
  if (process.platform === 'linux') return startedAtFromProc(pid);
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() || undefined
    );
  } catch {
    return undefined;
  }
}

function startedAtFromProc(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // proc(5): the second field is the command in parentheses and may hold spaces, so count from its end.
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z') return undefined;
  return rest[18];
}
