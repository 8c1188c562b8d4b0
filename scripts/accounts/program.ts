import {
  type AccountSettings,
  addAccount,
  changeAccount,
  getAccount,
  listAccounts,
  removeAccount,
  type ShownAccount,
} from '@midjourney-api/shared/accounts/accounts';
import { resealAccounts } from '@midjourney-api/shared/accounts/reseal';
import { createTokenSeal, type TokenSeal } from '@midjourney-api/shared/accounts/sealed-token';
import { resumeAccount } from '@midjourney-api/shared/accounts/standing';
import { audited, type OperatorWrite, recordWrite } from '@midjourney-api/shared/audit/audit';
import type { AuditAction, AuditDetail } from '@midjourney-api/shared/audit/audit-actions';
import type { Database } from '@midjourney-api/shared/database/connect';
import { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { Complaint } from '../complaint.ts';
import { tableOf } from '../table.ts';
import {
  pacingOf,
  proxyOf,
  refuseWhatVariablesSet,
  type SettingOptions,
  speedOf,
  withSettings,
} from './setting-options.ts';

export interface AccountsContext extends Omit<CommandContext, 'openPictures'> {
  /** Seals tokens for MySQL. */
  openSeal(): TokenSeal;
  /** Asks for secrets by these names. @throws {Complaint} if one is missing */
  readSecrets(names: string[]): Promise<string[]>;
}

/** Manages the Midjourney accounts. */
export function accountsProgram({
  withDatabase,
  print,
  actor,
  openSeal,
  readSecrets,
}: AccountsContext): Command {
  const program = new Command('npm run accounts --')
    .description('Manage the Midjourney accounts. Running workers notice changes within seconds.')
    .option('--json', 'print JSON, for scripts')
    .showHelpAfterError()
    .helpCommand(false);
  const show = (accounts: ShownAccount[]) => {
    if (program.opts<{ json?: boolean }>().json) print(`${JSON.stringify(accounts, null, 2)}\n`);
    else if (accounts.length === 0) print('There is no account yet; "add" makes one.\n');
    else print(tableOf(accounts.map(inTable)) + accounts.map(toDo).join(''));
  };
  /** A write for the audit log; never with a token. */
  const write = (action: AuditAction, target: string, detail: AuditDetail = {}): OperatorWrite => ({
    actor,
    action,
    target,
    detail,
  });

  withSettings(program.command('add <account>'))
    .description(
      'add an account; asks for its tokens, or reads them from standard input, one per line: user, then bot',
    )
    .action((name: string, options: SettingOptions) =>
      withDatabase(async (db) => {
        if (!options.guild || !options.channel)
          throw new Complaint('An account needs --guild and --channel.');
        const session = options.session ?? 'bot';
        const tokens = await readTokens(readSecrets, session);
        const settings = {
          guildId: options.guild,
          channelId: options.channel,
          session,
          concurrency: options.concurrency ?? 3,
          speed: speedOf(options) ?? null,
          weight: options.weight ?? 1,
          resumeAfterBlock: options.resumeAfterBlock ?? false,
        };
        const pacing = pacingOf(options);
        const proxy = proxyOf(options, name, openSeal);
        const detail = { ...settings, ...pacing, ...shownIn(proxy) };
        await audited(db, write('accounts.add', name, detail), (tx) =>
          addAccount(tx, name, { ...settings, pacing, ...proxy, ...sealed(openSeal(), name, tokens) }),
        );
        show(await accountNamed(db, name));
      }),
    );
  program
    .command('list')
    .description('show every account: its state, why, since when, and what it is drawing')
    .action(() => withDatabase(async (db) => show(await listAccounts(db))));
  program
    .command('show <account>')
    .description('show an account')
    .action((name: string) => withDatabase(async (db) => show(await accountNamed(db, name))));
  withSettings(program.command('set <account>'))
    .description('change the given settings')
    .option('--tokens', 'replace the tokens: asks for them, or reads them from standard input')
    .action((name: string, options: SettingOptions & { tokens?: boolean }) =>
      withDatabase(async (db) => {
        const { session, userToken, pacing } = await getAccount(db, name);
        if (userToken === null) refuseWhatVariablesSet(options);
        const { guild: guildId, channel: channelId, concurrency, weight } = options;
        const change = {
          guildId,
          channelId,
          session: options.session,
          concurrency,
          speed: speedOf(options),
          weight,
          resumeAfterBlock: options.resumeAfterBlock,
        };
        const tokens = options.tokens
          ? sealed(openSeal(), name, await readTokens(readSecrets, options.session ?? session))
          : {};
        const proxy = proxyOf(options, name, openSeal);
        const paced = pacingOf(options);
        const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
        const replaced = options.tokens && { tokens: 'replaced' };
        const detail = { ...given, ...paced, ...shownIn(proxy), ...replaced };
        await audited(db, write('accounts.set', name, detail), (tx) =>
          changeAccount(tx, name, {
            ...given,
            ...tokens,
            ...proxy,
            ...(Object.keys(paced).length > 0 && { pacing: { ...pacing, ...paced } }),
          }),
        );
        show(await accountNamed(db, name));
      }),
    );
  for (const [command, enabled, description] of [
    ['enable', true, 'let a disabled account draw again'],
    ['disable', false, 'let it finish what it is drawing, and give it nothing new'],
  ] as const) {
    program
      .command(`${command} <account>`)
      .description(description)
      .action((name: string) =>
        withDatabase(async (db) => {
          await audited(db, write(`accounts.${command}`, name), (tx) => changeAccount(tx, name, { enabled }));
          show(await accountNamed(db, name));
        }),
      );
  }
  program
    .command('resume <account>')
    .description('let a refused account draw again, after you have fixed the reason')
    .action((name: string) =>
      withDatabase(async (db) => {
        await audited(db, write('accounts.resume', name), (tx) => resumeAccount(tx, name));
        show(await accountNamed(db, name));
      }),
    );
  program
    .command('reseal')
    .description(
      'seal all tokens with the SECRETS_KEY of the environment; asks for the old key, or reads it from standard input',
    )
    .action(() =>
      withDatabase(async (db) => {
        const [old = ''] = await readSecrets(['old SECRETS_KEY']);
        if (!/^[A-Za-z0-9+/]{43}=$/.test(old)) throw new Complaint('A SECRETS_KEY is 32 bytes in base64.');
        const oldSeal = createTokenSeal(Buffer.from(old, 'base64'));
        const resealed = await db.transaction(async (tx) => {
          const names = await resealAccounts(tx, oldSeal, openSeal());
          for (const name of names) await recordWrite(tx, write('accounts.reseal', name));
          return names;
        });
        print(
          `Sealed with the new key: ${resealed.join(', ') || 'nothing; all were sealed with it already'}.\n`,
        );
      }),
    );
  program
    .command('remove <account>')
    .description('remove an account and its tokens; its tasks and pictures stay')
    .action((name: string) =>
      withDatabase(async (db) => {
        await audited(db, write('accounts.remove', name), (tx) => removeAccount(tx, name));
        print(`The account "${name}" was removed.\n`);
      }),
    );
  return program;
}

/** The account as shown, in a list. @throws {AccountError} if there is none of this name. */
async function accountNamed(db: Database, name: string): Promise<ShownAccount[]> {
  await getAccount(db, name);
  return (await listAccounts(db)).filter((account) => account.name === name);
}

async function readTokens(
  readSecrets: AccountsContext['readSecrets'],
  session: 'bot' | 'user',
): Promise<{ user: string; bot: string | null }> {
  const [user = '', bot = null] = await readSecrets(
    session === 'bot' ? ['token of the user', 'token of the bot'] : ['token of the user'],
  );
  return { user, bot };
}

function sealed(seal: TokenSeal, name: string, { user, bot }: { user: string; bot: string | null }) {
  return { userToken: seal.seal(user, name, 'user'), botToken: bot && seal.seal(bot, name, 'bot') };
}

/** A change of the proxy for the audit log. */
function shownIn({ proxyShown: proxy }: Pick<AccountSettings, 'proxyShown'>): AuditDetail {
  return proxy === undefined ? {} : { proxy };
}

/** An account as one line; the rest is in `--json`. */
function inTable({ guild_id, pacing, advice, check_link, ...account }: ShownAccount) {
  return account;
}

/** What a person has to do for an account. */
function toDo({ name, advice, check_link: link }: ShownAccount): string {
  return advice === null ? '' : `${name}: ${advice}${link ? ` check_link: ${link}` : ''}\n`;
}
