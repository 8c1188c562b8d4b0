import { createInterface } from 'node:readline/promises';
import { Complaint } from '../complaint.ts';

/**
 * Asks for secrets on the terminal, or reads them from standard input, one per line. They are never arguments, which
 * process lists show.
 */
export async function readSecrets(names: string[]): Promise<string[]> {
  const lines = createInterface({
    input: process.stdin,
    ...(process.stdin.isTTY && { output: process.stderr }),
  });
  try {
    const answers = lines[Symbol.asyncIterator]();
    const secrets: string[] = [];
    for (const name of names) {
      if (process.stdin.isTTY) process.stderr.write(`${name}: `);
      const secret = String((await answers.next()).value ?? '').trim();
      if (secret === '') throw new Complaint(`The ${name} is missing.`);
      secrets.push(secret);
    }
    return secrets;
  } finally {
    lines.close();
  }
}
