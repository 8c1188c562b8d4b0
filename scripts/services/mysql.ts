import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { logEnd } from './log-file.ts';
import type { DatabaseServer } from './programs.ts';
import { untilReady } from './readiness.ts';
import { type ServerProcess, spawnServerProcess } from './server-process.ts';

const execFileAsync = promisify(execFile);

/** The address and credentials of a database. */
export interface DatabaseAccess {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

export interface MySqlOptions {
  server: DatabaseServer;
  /** Contains `mysql/`, the tables, and `logs/`. */
  dataDir: string;
  recordsDir: string;
  access: DatabaseAccess;
  /** false: commits are not forced to the disk. For tests only. */
  durable: boolean;
}

/** Starts the server on its data, which are initialised if there are none. Ready when it accepts a connection. */
export async function launchMySql(options: MySqlOptions): Promise<ServerProcess> {
  const tables = path.join(options.dataDir, 'mysql');
  if (!existsSync(tables)) await layOutTables(options, tables);

  const initFile = path.join(options.dataDir, 'mysql-access.sql');
  writeFileSync(initFile, accessStatements(options), { mode: 0o600 });
  const logFile = path.join(options.dataDir, 'logs', 'mysql.log');
  const logFrom = logEnd(logFile);
  const server = await spawnServerProcess({
    name: 'mysql',
    command: options.server.program,
    args: [
      ...baseArguments(options, tables),
      `--init-file=${initFile}`,
      '--bind-address=127.0.0.1',
      `--port=${options.access.port}`,
      // No unix socket: its path may not be longer than 107 bytes, and a clone can lie deeper than that.
      '--socket=',
      '--skip-name-resolve',
      '--max-connections=500',
    ],
    env: { ...process.env, TMPDIR: ownTemporaryFolder(options.dataDir) },
    logFile,
    recordsDir: options.recordsDir,
  });
  const connect = () => probe(options.access);
  const ready = untilReady({ name: 'MySQL', process: server, connect, logFile, logFrom }).finally(() =>
    rmSync(initFile, { force: true }),
  );
  return { ...server, ready };
}

function baseArguments({ server, durable }: MySqlOptions, tables: string): string[] {
  return [
    '--no-defaults',
    `--datadir=${tables}`,
    ...(process.getuid?.() === 0 ? ['--user=root'] : []),
    ...(server.flavour === 'mysql' ? ['--mysqlx=OFF', '--disable-log-bin'] : []),
    ...(durable ? [] : ['--innodb-flush-log-at-trx-commit=0', '--skip-innodb-doublewrite']),
    ...(durable || server.flavour === 'mysql' ? [] : ['--innodb-log-file-size=16M']),
  ];
}

/** A starting server removes the temporary tables it finds, which would break another server that shares the folder. */
function ownTemporaryFolder(dataDir: string): string {
  const folder = path.join(dataDir, 'mysql-tmp');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/**
 * Initialises the tables in a temporary folder that is renamed when complete, so that a crash leaves nothing that looks like
 * tables. MariaDB's installer is a shell script that breaks on spaces and quotes in paths, so it gets another path.
 */
async function layOutTables(options: MySqlOptions, tables: string): Promise<void> {
  const draft = `${tables}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  const plain = mkdtempSync(path.join(tmpdir(), 'midjourney-api-'));
  const alias = path.join(plain, 'tables');
  symlinkSync(draft, alias);
  const base = baseArguments(options, alias);
  const [program, args] =
    options.server.flavour === 'mysql'
      ? [options.server.program, [...base, '--initialize-insecure']]
      : [options.server.installer, [...base, '--auth-root-authentication-method=normal', '--skip-test-db']];
  try {
    await execFileAsync(program, args, { env: { ...process.env, TMPDIR: plain } });
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    const lines = (stderr ?? '').split('\n').filter((line) => line.trim() !== '');
    const reason = lines.find((line) => /error|no space|denied/i.test(line)) ?? lines[0] ?? message;
    throw new Error(`the database could not be laid out in ${options.dataDir}: ${reason.trim()}`);
  } finally {
    rmSync(plain, { recursive: true, force: true });
  }
  renameSync(draft, tables);
}

/**
 * The server runs this at each start, before it listens. So the new installation's root without a password is never
 * reachable, and no password is ever a process argument.
 */
function accessStatements({ access }: MySqlOptions): string {
  const password = quoted(access.password);
  const user = `${quoted(access.user)}@'127.0.0.1'`;
  return `${[
    `CREATE DATABASE IF NOT EXISTS \`${access.database}\` CHARACTER SET utf8mb4`,
    `CREATE USER IF NOT EXISTS ${user} IDENTIFIED BY ${password}`,
    `ALTER USER ${user} IDENTIFIED BY ${password}`,
    `GRANT ALL PRIVILEGES ON *.* TO ${user}`,
    `DROP USER IF EXISTS 'root'@'127.0.0.1', 'root'@'::1'`,
    `ALTER USER 'root'@'localhost' IDENTIFIED BY ${password}`,
  ].join(';\n')};\n`;
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

async function probe({ host, port, user, password, database }: DatabaseAccess): Promise<void> {
  const connection = await createConnection({ host, port, user, password, database, connectTimeout: 5000 });
  await connection.end();
}
