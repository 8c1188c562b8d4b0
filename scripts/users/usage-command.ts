import type { Database } from '@midjourney-api/shared/database/connect';
import { readUsage, type Usage } from '@midjourney-api/shared/tokens/usage';
import { getUser } from '@midjourney-api/shared/users/users';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { tableOf } from '../table.ts';

interface UsageOptions {
  month: string;
  by: 'day' | 'month';
  csv?: boolean;
  json?: boolean | undefined;
}

export function addUsageCommand(program: Command, { withDatabase, print }: CommandContext): void {
  program
    .command('usage [user]')
    .description('show the tokens used in a month (UTC), by user and kind of task')
    .option('--month <YYYY-MM>', 'the month', month, new Date().toISOString().slice(0, 7))
    .addOption(new Option('--by <period>', 'a row for each').choices(['day', 'month']).default('month'))
    .option('--csv', 'print comma-separated values')
    .action((user: string | undefined, options: UsageOptions) =>
      withDatabase(async (db) => {
        const { json } = program.opts<{ json?: boolean }>();
        print(textOf(await usageOfMonth(db, user, options), { ...options, json }));
      }),
    );
}

async function usageOfMonth(
  db: Database,
  user: string | undefined,
  { month, by }: UsageOptions,
): Promise<Usage[]> {
  const first = new Date(`${month}-01T00:00:00Z`);
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0));
  const userId = user === undefined ? undefined : (await getUser(db, user)).id;
  return readUsage(db, { userId, from: `${month}-01`, to: last.toISOString().slice(0, 10), by });
}

function textOf(usage: Usage[], { csv, json, month }: UsageOptions): string {
  const rows = usage.map(({ period, userName, triggerType, reserved, spent, returned }) => ({
    period,
    user_name: userName ?? '(deleted)',
    trigger_type: triggerType,
    reserved,
    spent,
    returned,
  }));
  if (json) return `${JSON.stringify(rows, null, 2)}\n`;
  if (csv) return csvOf(rows);
  return rows.length === 0 ? `No token moved in ${month}.\n` : tableOf(rows);
}

/** Names of users and kinds need no quotes: neither has a comma, a quote or a line break. */
function csvOf(rows: Record<string, string | number>[]): string {
  const columns = ['period', 'user_name', 'trigger_type', 'reserved', 'spent', 'returned'];
  const lines = rows.map((row) => columns.map((column) => row[column]).join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

function month(text: string): string {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw new InvalidArgumentError('A month is written as 2026-11.');
  return text;
}
