import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { type Finding, hasProblem } from '@midjourney-api/shared/doctor/finding';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { openQueues } from '@midjourney-api/shared/queues/queues';
import { connectRedis } from '@midjourney-api/shared/redis';
import { Command } from 'commander';
import { Complaint } from '../complaint.ts';
import { type CheckedAccount, checkAccounts } from './check-accounts.ts';
import { type Installation, readInstallation } from './installation-facts.ts';
import { installationFindings } from './installation-findings.ts';

export interface DoctorContext {
  installation: Installation;
  print(text: string): void;
  /** Something is wrong: the command ends with a status that says so. */
  fail(): void;
}

interface Report {
  ok: boolean;
  installation: Finding[];
  accounts: CheckedAccount[];
}

/** Checks an installation and its accounts. */
export function doctorProgram({ installation, print, fail }: DoctorContext): Command {
  return new Command('npm run doctor --')
    .description('Check this installation and its accounts for present and coming problems. Changes nothing.')
    .option('--account <name>', 'only this account')
    .option('--json', 'print JSON, for scripts')
    .allowExcessArguments(false)
    .showHelpAfterError()
    .action(async ({ account, json }: { account?: string; json?: boolean }) => {
      const report = await examine(installation, account);
      print(json ? `${JSON.stringify(report, null, 2)}\n` : textOf(report));
      if (!report.ok) fail();
    });
}

async function examine(installation: Installation, only: string | undefined): Promise<Report> {
  const { database, redisUrl, config } = installation;
  const { db, close } = connectDatabase(database);
  const redis = connectRedis(redisUrl, createLogger('doctor', 'silent'), { waiting: true });
  const prefix = config.REDIS_PREFIX;
  const queues = openQueues(redis, prefix);
  try {
    const facts = await readInstallation(installation, db);
    const accounts = await checkAccounts({
      installation,
      db: facts.pendingMigrations === 0 ? db : undefined,
      connections: facts.redis.failure === null ? { redis, queues, prefix } : undefined,
      only,
    });
    if (only !== undefined && accounts.length === 0)
      throw new Complaint(`There is no account "${only}": "npm run accounts -- list" shows all.`);
    const findings = installationFindings(facts);
    const all = [...findings, ...accounts.flatMap((each) => each.findings)];
    return { ok: !hasProblem(all), installation: findings, accounts };
  } finally {
    // Without Redis the queues wait for it before they close.
    redis.disconnect();
    await close();
  }
}

function textOf({ installation, accounts }: Report): string {
  const parts = [
    section('This installation', installation),
    ...accounts.map(({ account, findings }) => section(`Account ${account}`, findings)),
  ];
  if (accounts.length === 0)
    parts.push('There is no account yet: docs/real-accounts.md says how to connect one.\n');
  return parts.join('\n');
}

function section(title: string, findings: readonly Finding[]): string {
  const lines = findings.flatMap(({ status, message, todo }) => [
    `  ${status.padEnd(8)} ${message}`,
    ...(todo === null ? [] : [`${' '.repeat(11)}${todo}`]),
  ]);
  return `${[title, ...lines].join('\n')}\n`;
}
