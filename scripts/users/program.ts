import { audited } from '@midjourney-api/shared/audit/audit';
import type { AuditAction, AuditDetail } from '@midjourney-api/shared/audit/audit-actions';
import type { Database, Transaction } from '@midjourney-api/shared/database/connect';
import { hookSecrets, rotateHookSecret } from '@midjourney-api/shared/notices/hook-secrets';
import { withoutAppKeys } from '@midjourney-api/shared/users/app-key';
import { addTokens, resetTokenUse, updateTokenTotal } from '@midjourney-api/shared/users/change-tokens';
import {
  rotateAppKey,
  setUserDialect,
  setUserDisabled,
  setUserPriority,
  setUserRole,
} from '@midjourney-api/shared/users/change-user';
import { type Dialect, dialects } from '@midjourney-api/shared/users/dialect';
import {
  createUser,
  getUser,
  listUsers,
  type Role,
  roles,
  type User,
} from '@midjourney-api/shared/users/users';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { tableOf } from '../table.ts';
import { addAuditCommand } from './audit-command.ts';
import { removeUser } from './remove-user.ts';
import { addUsageCommand } from './usage-command.ts';

/** The output of a command: a user, with a new key or their hook secret; or all users. */
type Answer = { users: User[]; appKey?: string; hookSecret?: string };

interface CreateOptions {
  role?: Role;
  dialect: Dialect;
  note?: string;
}

/** Manages users and their tokens. */
export function usersProgram(context: CommandContext): Command {
  const { withDatabase, print, actor } = context;
  const byHand = (note: string | undefined) => ({ actor, note });
  const program = new Command('npm run users --')
    .description('Manage the users of the API and their tokens. <user> is a name or a key.')
    .option('--json', 'print JSON, for scripts')
    .showHelpAfterError()
    .helpCommand(false);

  program
    .command('create <username> [token_total]')
    .description('create a user and print the key, once')
    .addOption(
      new Option(
        '--role <role>',
        'operators may see and release anybody’s tasks, and open Bull Board',
      ).choices(roles),
    )
    .addOption(
      new Option(
        '--dialect <dialect>',
        'how routes answer the key; original: as the older Python service did',
      )
        .choices(dialects)
        .default('v1'),
    )
    .addOption(why())
    .action((userName: string, total: string | undefined, { note, ...wanted }: CreateOptions) => {
      const tokenTotal = tokenCount(total ?? '0');
      const { role = 'user', dialect } = wanted;
      const detail = { token_total: tokenTotal, role, dialect, ...noted(note) };
      return write('users.create', userName, detail, (tx) =>
        createUser(tx, { userName, tokenTotal, role, dialect }, byHand(note)).then(withKey),
      );
    });
  program
    .command('info <user>')
    .alias('info-key')
    .description('show a user')
    .action((user: string) => answer((db) => getUser(db, user).then(alone)));
  program
    .command('update-tokens <user> <total>')
    .description('set the user’s total of tokens')
    .addOption(why())
    .action((user: string, total: string, { note }: { note?: string }) => {
      const tokenTotal = tokenCount(total);
      return write('users.update-tokens', user, { token_total: tokenTotal, ...noted(note) }, (tx) =>
        updateTokenTotal(tx, user, tokenTotal, byHand(note)).then(alone),
      );
    });
  program
    .command('add-tokens <user> <number>')
    .description('add tokens to the user’s total; a negative number, after "--", takes them')
    .addOption(why())
    .action((user: string, number: string, { note }: { note?: string }) => {
      const added = tokenCount(number);
      return write('users.add-tokens', user, { added, ...noted(note) }, (tx) =>
        addTokens(tx, user, added, byHand(note)).then(alone),
      );
    });
  program
    .command('reset-usage <user>')
    .description('restart the count at 0; open tasks keep their tokens')
    .addOption(why())
    .action((user: string, { note }: { note?: string }) =>
      write('users.reset-usage', user, noted(note), (tx) =>
        resetTokenUse(tx, user, byHand(note)).then(alone),
      ),
    );
  program
    .command('list')
    .description('show all users')
    .action(() => answer(async (db) => ({ users: await listUsers(db) })));
  program
    .command('rotate-key <user>')
    .description('replace the key at once, and print the new one, once')
    .action((user: string) =>
      write('users.rotate-key', user, {}, (tx) => rotateAppKey(tx, user).then(withKey)),
    );
  program
    .command('hook-secret <user>')
    .description('show the secret that signs the notices to the user’s hooks')
    .option('--rotate', 'replace it; for 24 hours both sign')
    .action((user: string, { rotate = false }: { rotate?: boolean }) => {
      if (!rotate) {
        return answer(async (db) => {
          const found = await getUser(db, user);
          const [hookSecret] = await hookSecrets(db, found.id);
          return { users: [found], hookSecret };
        });
      }
      return write('users.rotate-hook-secret', user, {}, async (tx) => {
        const found = await getUser(tx, user);
        return { users: [found], hookSecret: await rotateHookSecret(tx, found.id) };
      });
    });
  program
    .command('set-role <user> <role>')
    .description(`make the user one of: ${roles.join(', ')}`)
    .action((user: string, given: string) => {
      const role = roles.find((one) => one === given);
      if (!role) throw new InvalidArgumentError(`The role is one of: ${roles.join(', ')}.`);
      return write('users.set-role', user, { role }, (tx) => setUserRole(tx, user, role).then(alone));
    });
  program
    .command('set-dialect <user> <dialect>')
    .description(`set how routes answer the user’s key, one of: ${dialects.join(', ')}`)
    .action((user: string, given: string) => {
      const dialect = dialects.find((one) => one === given);
      if (!dialect) throw new InvalidArgumentError(`The dialect is one of: ${dialects.join(', ')}.`);
      return write('users.set-dialect', user, { dialect }, (tx) =>
        setUserDialect(tx, user, dialect).then(alone),
      );
    });
  program
    .command('set-priority <user> <priority>')
    .description(
      'set how many of the user’s tasks are drawn for one of an ordinary user while both wait: 1 to 60',
    )
    .action((user: string, given: string) => {
      const priority = Number(given);
      return write('users.set-priority', user, { priority }, (tx) =>
        setUserPriority(tx, user, priority).then(alone),
      );
    });
  for (const [command, disabled, description] of [
    ['disable', true, 'refuse the user’s key; accepted tasks continue'],
    ['enable', false, 'accept the user’s key again'],
  ] as const) {
    program
      .command(`${command} <user>`)
      .description(description)
      .action((user: string) =>
        write(`users.${command}`, user, {}, (tx) => setUserDisabled(tx, user, disabled).then(alone)),
      );
  }
  program
    .command('delete <user>')
    .description('delete a user without open tasks; their usage is kept')
    .option('--erase', 'also delete their tasks and pictures')
    .action((user: string, { erase = false }: { erase?: boolean }) =>
      withDatabase(async (db) => {
        print(`${await removeUser(db, user, { ...context, erase })}\n`);
      }),
    );
  addUsageCommand(program, context);
  addAuditCommand(program, context);
  return program;

  function answer(ask: (db: Database) => Promise<Answer>): Promise<void> {
    return withDatabase(async (db) => show(await ask(db)));
  }

  /** Makes a change that is audited. The user may be given by key, which nothing may show: the audit has the name. */
  function write(
    action: AuditAction,
    user: string,
    detail: AuditDetail,
    make: (tx: Transaction) => Promise<Answer>,
  ): Promise<void> {
    return answer(async (db) => {
      const target = action === 'users.create' ? user.trim() : (await getUser(db, user)).userName;
      return audited(db, { actor: actor, action, target, detail }, make);
    });
  }

  function show({ users, appKey, hookSecret }: Answer): void {
    const rows = users.map((user) => ({
      user_name: user.userName,
      role: user.role,
      dialect: user.dialect,
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
      print(`${JSON.stringify(shown, null, 2)}\n`);
      return;
    }
    if (rows.length === 0) {
      print('There are no users yet; create one with: npm run users -- create <username> <token_total>\n');
      return;
    }
    print(tableOf(rows));
    if (appKey) print(`\nThe key, shown only now:\n${appKey}\n`);
    if (hookSecret) print(`\nThe secret of the user’s hooks:\n${hookSecret}\n`);
  }
}

const why = () => new Option('--note <text>', 'why; kept in the ledger').argParser(note);

const alone = (user: User): Answer => ({ users: [user] });
const withKey = ({ user, appKey }: { user: User; appKey: string }): Answer => ({ users: [user], appKey });
const noted = (note: string | undefined): AuditDetail => (note === undefined ? {} : { note });

function note(text: string): string {
  if ([...text].length > 255) throw new InvalidArgumentError('A note has at most 255 characters.');
  return withoutAppKeys(text);
}

function tokenCount(text: string): number {
  if (!/^-?\d+$/.test(text))
    throw new InvalidArgumentError(`The number of tokens must be a whole number, not "${text}".`);
  return Number(text);
}
