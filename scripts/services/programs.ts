import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Complaint } from '../complaint.ts';

export interface DatabaseServer {
  program: string;
  /** Initialises the tables of a new MariaDB; MySQL's server does it by itself. */
  installer: string;
  flavour: 'mariadb' | 'mysql';
}

/**
 * Installs the servers that this machine lacks, where that is one safe command.
 * @throws Complaint with the command to run elsewhere
 */
export function installMissingServers(
  wanted: { mysql: boolean; redis: boolean },
  say: (line: string) => void,
): void {
  const missing: string[] = [];
  if (wanted.mysql && findDatabaseServer() === undefined) missing.push('mariadb-server');
  if (wanted.redis && findRedisServer() === undefined) missing.push('redis-server');
  if (missing.length === 0) return;
  if (!canInstallDebianPackages()) throw new Complaint(howToInstall());
  const packages = missing.join(' and ');
  say(
    `Installing the Debian ${missing.length > 1 ? 'packages' : 'package'} ${packages}, which this machine does not have…`,
  );
  installDebianPackages(missing);
}

/** @throws Complaint with the command that installs it */
export function databaseServer(): DatabaseServer {
  const server = findDatabaseServer();
  if (server === undefined) throw new Complaint(howToInstall());
  return server;
}

/** @throws Complaint with the command that installs it */
export function redisServer(): string {
  const program = findRedisServer();
  if (program === undefined) throw new Complaint(howToInstall());
  return program;
}

function findRedisServer(): string | undefined {
  return findProgram('redis-server') ?? findProgram('valkey-server');
}

function findDatabaseServer(): DatabaseServer | undefined {
  const program = findProgram('mariadbd') ?? findProgram('mysqld');
  if (program === undefined) return undefined;
  const version = execFileSync(program, ['--no-defaults', '--version'], { encoding: 'utf8' });
  if (!version.includes('MariaDB')) return { program, installer: program, flavour: 'mysql' };
  const installer = findProgram('mariadb-install-db') ?? findProgram('mysql_install_db');
  return installer === undefined ? undefined : { program, installer, flavour: 'mariadb' };
}

/** Debian keeps servers in /usr/sbin, which is not on an ordinary user's PATH. */
const furtherFolders = ['/usr/sbin', '/usr/local/sbin', '/usr/local/bin', '/opt/homebrew/bin'];

/** The full path of a program on PATH or in the usual folders for servers. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), ...furtherFolders];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, name))
    .find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export function canInstallDebianPackages(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && findProgram('apt-get') !== undefined;
}

const startPolicy = '/usr/sbin/policy-rc.d';

/**
 * Installs without starting anything as a system service.
 * @throws Complaint if apt fails
 */
export function installDebianPackages(packages: string[]): void {
  // Packages ask this program whether they may start their service; 101 means no.
  const forbidStart = !existsSync(startPolicy);
  if (forbidStart) writeFileSync(startPolicy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    // On a new machine the package lists may be missing or old; update them only then.
    if (aptInstall(packages).ok) return;
    apt(['update']);
    const again = aptInstall(packages);
    if (!again.ok) {
      throw new Complaint(`apt-get could not install ${packages.join(' ')}: ${again.reason}`);
    }
  } finally {
    if (forbidStart) rmSync(startPolicy, { force: true });
  }
}

function aptInstall(packages: string[]): { ok: boolean; reason: string } {
  return apt(['install', '-y', '--no-install-recommends', ...packages]);
}

function apt(args: string[]): { ok: boolean; reason: string } {
  // Two copies may start at once on a new machine; the second waits for the first one's lock.
  const run = spawnSync('apt-get', ['-q', '-o', 'DPkg::Lock::Timeout=300', ...args], {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines = `${run.stderr ?? ''}\n${run.error?.message ?? ''}`.split('\n');
  return {
    ok: run.status === 0,
    reason: lines.find((line) => line.startsWith('E:')) ?? lines.findLast((line) => line !== '') ?? '',
  };
}

const installCommands: [manager: string, command: string][] = [
  ['brew', 'brew install mariadb redis'],
  ['apt-get', 'sudo apt-get install --no-install-recommends mariadb-server redis-server'],
  ['dnf', 'sudo dnf install mariadb-server redis'],
  ['pacman', 'sudo pacman -S mariadb redis'],
  ['apk', 'sudo apk add mariadb mariadb-server-utils redis'],
];

function howToInstall(): string {
  const known = installCommands.find(([manager]) => findProgram(manager));
  const command = known ? `install them with \`${known[1]}\`` : `install them for ${systemName()}`;
  return `MariaDB (or MySQL) and Redis are needed and were not found: ${command}, or run everything with \`docker compose --env-file demo.env up\`, or set DB_HOST… and REDIS_URL to servers that you have`;
}

function systemName(): string {
  try {
    const name = /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1];
    return name ?? process.platform;
  } catch {
    return process.platform;
  }
}
