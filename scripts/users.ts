import type { Database } from '@midjourney-api/shared/database/connect';
import { hookSecrets, rotateHookSecret } from '@midjourney-api/shared/hooks/hook-secrets';
import {
  createUser,
  getUserByAppKey,
  getUserByName,
  listUsers,
  resetTokenUse,
  rotateAppKey,
  setUserDisabled,
  setUserPriority,
  type User,
  updateTokenTotal,
} from '@midjourney-api/shared/users/users';
import { Command, InvalidArgumentError, Option } from 'commander';
import { endWithComplaint } from './complaint.ts';
import { printTable } from './table.ts';
import { withDatabase } from './with-database.ts';

/** Manages users and their tokens. */

/** What a command has to show: a user with, once, the key, or their hooks' secret, or all users. */
type Answer = { users: User[]; appKey?: string; hookSecret?: string };

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
  .command('hook-secret <username>')
  .description('show the secret that signs what the user’s notify_hooks are told')
  .option('--rotate', 'replace it; for 24 hours both sign')
  .action((userName: string, { rotate = false }: { rotate?: boolean }) =>
    answer(async (db) => {
      const user = await getUserByName(db, userName);
      const [hookSecret] = rotate ? [await rotateHookSecret(db, user.id)] : await hookSecrets(db, user.id);
      return { users: [user], hookSecret };
    }),
  );
program
  .command('set-priority <username> <priority>')
  .description('how many turns the user gets for one of an ordinary user while both wait: 1 to 60')
  .action((userName: string, priority: string) =>
    answer((db) => setUserPriority(db, userName, Number(priority)).then(alone)),
  );
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

function answer(ask: (db: Database) => Promise<Answer>): Promise<void> {
  return withDatabase(async (db) => show(await ask(db)));
}

function show({ users, appKey, hookSecret }: Answer): void {
  const rows = users.map((user) => ({
    user_name: user.userName,
    role: user.role,
    app_key: user.appKeyHint ?? '',
    token_total: user.tokenTotal,
    token_use: user.tokenUse,
    token_left: user.tokenTotal - user.tokenUse,
    priority: user.priority,
    enabled: user.disabledAt === null,
    created_at: user.createdAt?.toISOString() ?? '',
  }));
  if (program.opts<{ json?: boolean }>().json) {
    const [only] = rows;
    const shown =
      program.args[0] === 'list'
        ? rows
        : { ...only, ...(appKey && { app_key: appKey }), ...(hookSecret && { hook_secret: hookSecret }) };
    process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
    return;
  }
  if (rows.length === 0) {
    process.stdout.write(
      'There are no users yet; make one with: npm run users -- create <username> <token_total>\n',
    );
    return;
  }
  printTable(rows);
  if (appKey) process.stdout.write(`\nThe key, shown only now:\n${appKey}\n`);
  if (hookSecret) process.stdout.write(`\nThe secret of the user’s hooks:\n${hookSecret}\n`);
}

program.parseAsync().catch(endWithComplaint);
