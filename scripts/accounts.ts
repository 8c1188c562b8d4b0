import { listAccounts, resumeAccount } from '@midjourney-api/shared/accounts/accounts';
import { Command } from 'commander';
import { Complaint, endWithComplaint } from './complaint.ts';
import { printTable } from './table.ts';
import { withDatabase } from './with-database.ts';

/** Shows the state of the Midjourney accounts, and lets refused ones try again. */

const program = new Command('npm run accounts --')
  .description('See the Midjourney accounts and let refused ones try again.')
  .option('--json', 'print JSON, for scripts')
  .showHelpAfterError()
  .helpCommand(false);

program
  .command('list')
  .description('show every account, its state, why, and since when')
  .action(() =>
    withDatabase(async (db) => {
      const rows = (await listAccounts(db)).map(({ since, ...account }) => ({
        ...account,
        since: since.toISOString(),
      }));
      if (program.opts<{ json?: boolean }>().json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
      else if (rows.length === 0) process.stdout.write('No worker has driven an account yet.\n');
      else printTable(rows);
    }),
  );
program
  .command('resume <account>')
  .description('let a refused account draw again, after you have mended what it was refused for')
  .action((account: string) =>
    withDatabase(async (db) => {
      if (!(await resumeAccount(db, account)))
        throw new Complaint(`There is no account "${account}"; "list" shows all.`);
      process.stdout.write(`The account "${account}" is tried again within seconds.\n`);
    }),
  );

program.parseAsync().catch(endWithComplaint);
