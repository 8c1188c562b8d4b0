import { readFileSync, writeFileSync } from 'node:fs';

/** What processes use, as Linux counts it: https://man7.org/linux/man-pages/man5/proc.5.html */

/** Process ids by the names they have in the table. */
export type Processes = Record<string, number>;

/** Linux counts processor time for programs in hundredths of a second, on every architecture. */
const msPerTick = 10;

/** Processor time that each has used since it was started, in milliseconds. */
export function cpuMs(processes: Processes): Record<string, number> {
  return mapValues(processes, (pid) => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is a name that may hold spaces; utime and stime are fields 14 and 15.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * msPerTick;
  });
}

export function cpuMsSince(before: Record<string, number>, processes: Processes): Record<string, number> {
  const now = cpuMs(processes);
  return mapValues(now, (ms, name) => ms - (before[name] ?? 0));
}

/** The most memory that each held since `forgetPeaks`, in megabytes. */
export function peakMb(processes: Processes): Record<string, number> {
  return mapValues(processes, (pid) => statusMb(pid, 'VmHWM'));
}

/** The memory that a process holds now, in megabytes. */
export function residentMb(pid: number): number {
  return statusMb(pid, 'VmRSS');
}

export function forgetPeaks(processes: Processes): void {
  for (const pid of Object.values(processes)) writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

function statusMb(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024;
}

function mapValues<T, U>(
  record: Record<string, T>,
  change: (value: T, name: string) => U,
): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));
}
