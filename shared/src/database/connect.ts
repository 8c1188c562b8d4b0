import { drizzle, type MySql2Database } from 'drizzle-orm/mysql2';
import { createPool, type Pool, type PoolOptions } from 'mysql2/promise';
import type { DatabaseConfig } from '../config/config.ts';
import { connectWithAnswerLimit, limitWaitForConnection } from './answer-limit.ts';
import * as schema from './schema.ts';

export type Database = MySql2Database<typeof schema>;
export type Transaction = Parameters<Parameters<Database['transaction']>[0]>[0];
/** For functions that work on their own and inside a larger transaction. */
export type Executor = Database | Transaction;

export interface DatabaseConnection {
  db: Database;
  pool: Pool;
  close(): Promise<void>;
}

export function poolOptions(config: DatabaseConfig): PoolOptions {
  return {
    host: config.host,
    port: config.port,
    user: config.user,
    password: config.password,
    database: config.database,
    charset: 'utf8mb4',
    timezone: 'Z',
    connectionLimit: config.poolSize ?? 10,
    connectTimeout: 5_000,
    enableKeepAlive: true,
    // Do not capture a stack for each statement; drizzle's error has one.
    trace: false,
  };
}

/**
 * Creates a pool, which connects when it is first used, and reconnects after MySQL was down. After `timeoutMs` without an
 * answer MySQL counts as down, so nothing waits for ever.
 */
export function connectDatabase(config: DatabaseConfig): DatabaseConnection {
  const { host, port, timeoutMs = 10_000 } = config;
  const pool = createPool({
    ...poolOptions(config),
    connectTimeout: Math.min(5_000, timeoutMs),
    stream: () => connectWithAnswerLimit(host, port, timeoutMs),
  });
  limitWaitForConnection(pool, timeoutMs);
  // MySQL gives up waiting for a lock after half of that time, which keeps the connection.
  const lockWaitSeconds = Math.max(1, Math.floor(timeoutMs / 2_000));
  pool.pool.on('connection', (connection) => {
    // The caller that uses the connection gets the error. Without a listener here it would end the process.
    connection.on('error', () => {});
    // The default, REPEATABLE READ, takes gap locks: concurrent inserts of one user would deadlock.
    connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    // Timestamps set by MySQL, as in the ledger, are in UTC, too.
    connection.query("SET SESSION time_zone = '+00:00'");
    connection.query(`SET SESSION innodb_lock_wait_timeout = ${lockWaitSeconds}`);
  });
  return { db: drizzle(pool, { schema, mode: 'default' }), pool, close: () => pool.end() };
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'EHOSTUNREACH',
  'PROTOCOL_CONNECTION_LOST',
  'ER_SERVER_SHUTDOWN',
  'ER_CON_COUNT_ERROR',
  // MySQL rolled the transaction back; it can be retried.
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_LOCK_DEADLOCK',
]);

/** MySQL answers, but is full or read-only: nothing can be stored until somebody fixes it. */
const refusingWrites = new Set([
  'ER_DISK_FULL',
  'ER_RECORD_FILE_FULL',
  'ER_ERROR_ON_WRITE',
  'ER_TEMP_FILE_WRITE_FAILURE',
  // `read_only` or `super_read_only`.
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
  'ER_READ_ONLY_MODE',
]);

/** The code of the MySQL or socket error that a drizzle error has as its cause. */
export function databaseErrorCode(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return undefined;
}

/** The name of the unique key that a statement violated; undefined for any other error. */
export function violatedKey(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && cause.code === 'ER_DUP_ENTRY')
      // MySQL writes the table before it, MariaDB does not.
      return /for key '(?:\w+\.)?(\w+)'/.exec(cause.message)?.[1];
  }
  return undefined;
}

/**
 * Whether an error means that MySQL cannot be reached or accepts no changes now, so that the same statement may work
 * later.
 */
export function isDatabaseUnreachable(error: unknown): boolean {
  const code = databaseErrorCode(error);
  return code === undefined ? endedTheConnection(error) : unreachable.has(code) || refusesWrites(error);
}

export function refusesWrites(error: unknown): boolean {
  return refusingWrites.has(databaseErrorCode(error) ?? '');
}

/** On a broken connection, further statements such as the rollback fail without a code. */
function endedTheConnection(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('fatal' in cause && cause.fatal === true) return true;
  }
  return false;
}
