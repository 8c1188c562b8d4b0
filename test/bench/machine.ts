import { cpus, release, totalmem, type } from 'node:os';

/** The machine on which the numbers were measured. */
export function describeMachine(durability: string): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model.trim()}, ${memory} GB, ${type()} ${release()}, Node.js ${process.version}, ${durability}`;
}
