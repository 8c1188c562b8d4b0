import { type DatabaseConfig, databaseConfig, loadConfig } from '@midjourney-api/shared/config';
import {
  connectDatabase,
  type Database,
  isDatabaseUnreachable,
} from '@midjourney-api/shared/database/connect';
import { migrateDatabase } from '@midjourney-api/shared/database/migrate';
import {
  createUser,
  getUserByAppKey,
  getUserByName,
  listUsers,
  resetTokenUse,
  rotateAppKey,
  setUserDisabled,
  type User,
  updateTokenTotal,
} from '@midjourney-api/shared/users/users';
import { Command, InvalidArgumentError, Option } from 'commander';
import { Complaint, endWithComplaint } from './complaint.ts';
import { dataDirectory, loadEnvironmentFile } from './environment.ts';
import { readRunFile } from './run-file.ts';

/**
 * Manages users on the database of the copy that `npm start` runs, if one does, else on the one that the
 * environment names.
 */

/** What a command has to show: a user with, once, the key, or all users. */
type Answer = { users: User[]; appKey?: string };

const program = new Command('npm run users --')
  .description('Manage the users of the API and their tokens.')
  .option('--json', 'print JSON, for scripts')
  .showHelpAfterError()
  .helpCommand(false);

program
  .command('create <username> [token_total]')
  .description('create a user and show the key, once')
  .addOption(
    new Option('--role <role>', 'operators may release anyone’s tasks and open Bull Board').choices([
      'user',
      'operator',
    ]),
  )
  .action((userName: string, total: string | undefined, { role }: { role?: 'user' | 'operator' }) =>
    answer((db) => createUser(db, { userName, tokenTotal: tokenCount(total ?? '0'), role }).then(withKey)),
  );
program
  .command('info <username>')
  .description('show a user')
  .action((userName: string) => answer((db) => getUserByName(db, userName).then(alone)));
program
  .command('info-key <app_key>')
  .description('show the user of a key')
  .action((appKey: string) => answer((db) => getUserByAppKey(db, appKey).then(alone)));
program
  .command('update-tokens <app_key> <total>')
  .description('set how many tokens the user has in all')
  .action((appKey: string, total: string) =>
    answer((db) => updateTokenTotal(db, appKey, tokenCount(total)).then(alone)),
  );
program
  .command('reset-usage <app_key>')
  .description('start the count anew; tasks that are open keep their token')
  .action((appKey: string) => answer((db) => resetTokenUse(db, appKey).then(alone)));
program
  .command('list')
  .description('show all users')
  .action(() => answer(async (db) => ({ users: await listUsers(db) })));
program
  .command('rotate-key <username>')
  .description('replace the key at once and show the new one, once')
  .action((userName: string) => answer((db) => rotateAppKey(db, userName).then(withKey)));
program
  .command('disable <username>')
  .description('refuse the user’s key; running tasks go on')
  .action((userName: string) => answer((db) => setUserDisabled(db, userName, true).then(alone)));
program
  .command('enable <username>')
  .description('accept the user’s key again')
  .action((userName: string) => answer((db) => setUserDisabled(db, userName, false).then(alone)));

const alone = (user: User): Answer => ({ users: [user] });
const withKey = ({ user, appKey }: { user: User; appKey: string }): Answer => ({ users: [user], appKey });

function tokenCount(text: string): number {
  if (!/^-?\d+$/.test(text))
    throw new InvalidArgumentError(`The number of tokens must be a whole number, not "${text}".`);
  return Number(text);
}

async function answer(ask: (db: Database) => Promise<Answer>): Promise<void> {
  const config = whichDatabase();
  await migrateDatabase(config).catch((error) => {
    if (!isDatabaseUnreachable(error)) throw error;
    throw new Complaint(
      `MySQL cannot be reached at ${config.host}:${config.port}: start the service with "npm start", or set DB_HOST, DB_PORT, DB_USER and DB_PASSWORD`,
    );
  });
  const { db, close } = connectDatabase(config);
  try {
    show(await ask(db));
  } finally {
    await close();
  }
}

function whichDatabase(): DatabaseConfig {
  loadEnvironmentFile(process.env);
  return readRunFile(dataDirectory(process.env))?.db ?? databaseConfig(loadConfig(process.env));
}

function show({ users, appKey }: Answer): void {
  const rows = users.map((user) => ({
    user_name: user.userName,
    role: user.role,
    app_key: user.appKeyHint ?? '',
    token_total: user.tokenTotal,
    token_use: user.tokenUse,
    token_left: user.tokenTotal - user.tokenUse,
    enabled: user.disabledAt === null,
    created_at: user.createdAt?.toISOString() ?? '',
  }));
  if (program.opts<{ json?: boolean }>().json) {
    const [only] = rows;
    const shown = program.args[0] === 'list' ? rows : { ...only, ...(appKey && { app_key: appKey }) };
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    return;
  }
  printTable(
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]))),
  );
  if (appKey) process.stdout.write(`\nThe key, shown only now:\n${appKey}\n`);
}

function printTable(rows: Record<string, string>[]): void {
  const names = Object.keys(rows[0] ?? {});
  if (names.length === 0) {
    process.stdout.write(
      'There are no users yet; make one with: npm run users -- create <username> <token_total>\n',
    );
    return;
  }
  const widths = names.map((name) => Math.max(name.length, ...rows.map((row) => (row[name] ?? '').length)));
  const line = (cells: string[]) =>
    `${cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()}\n`;
  process.stdout.write(line(names));
  process.stdout.write(line(widths.map((width) => '-'.repeat(width))));
  for (const row of rows) process.stdout.write(line(names.map((name) => row[name] ?? '')));
}

program.parseAsync().catch(endWithComplaint);
