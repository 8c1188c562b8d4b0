import { listAudit } from '@midjourney-api/shared/audit/audit';
import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { tableOf } from '../table.ts';

export function addAuditCommand(program: Command, { withDatabase, print }: CommandContext): void {
  program
    .command('audit [target]')
    .description('show what operators changed, newest first: everything, or on one user, account or task')
    .option('--limit <number>', 'maximum number of entries', count, 50)
    .action((target: string | undefined, { limit }: { limit: number }) =>
      withDatabase(async (db) => {
        const rows = (await listAudit(db, { target, limit })).map((entry) => ({
          at: entry.at.toISOString(),
          actor: entry.actor,
          action: entry.action,
          target: entry.target,
          detail: entry.detail ?? {},
        }));
        if (program.opts<{ json?: boolean }>().json) {
          print(`${JSON.stringify(rows, null, 2)}\n`);
        } else if (rows.length === 0) print('No changes yet.\n');
        else print(tableOf(rows.map((row) => ({ ...row, detail: inWords(row.detail) }))));
      }),
    );
}

function inWords(detail: Record<string, unknown>): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function count(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It is a whole number from 1 to 9999.');
  return Number(text);
}
