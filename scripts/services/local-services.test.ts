import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { eventually } from '../../test/eventually.ts';
import { type LocalServices, startLocalServices } from './local-services.ts';
import { processStartedAt } from './process-identity.ts';

let dataDir: string;
const started: LocalServices[] = [];

beforeEach(() => {
  // Deeper than a unix socket's path may be long, and with a space and a quote, as home folders have.
  dataDir = path.join(
    mkdtempSync(path.join(tmpdir(), 'services-')),
    `it's a "deep" folder/${'d'.repeat(100)}`,
  );
  mkdirSync(dataDir, { recursive: true });
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((services) => services.stop()));
  rmSync(path.dirname(path.dirname(dataDir)), { recursive: true, force: true });
});

async function start(): Promise<LocalServices> {
  const services = await startLocalServices({ dataDir });
  started.push(services);
  return services;
}

async function query(services: Pick<LocalServices, 'db'>, sql: string): Promise<RowDataPacket[]> {
  const connection = await createConnection(services.db);
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return rows;
  } finally {
    await connection.end();
  }
}

async function redis<T>(
  services: Pick<LocalServices, 'redisUrl'>,
  use: (client: Redis) => Promise<T>,
): Promise<T> {
  const client = new Redis(services.redisUrl);
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

function alive(pid: number | undefined): boolean {
  return pid !== undefined && processStartedAt(pid) !== undefined;
}

test('what was stored is there after a stop and a start', async () => {
  const first = await start();
  await query(first, 'CREATE TABLE kept (id INT)');
  await redis(first, (client) => client.set('kept', 'yes'));
  const pids = [first.mysql.pid, first.redis.pid];
  await first.stop();
  expect(pids.map(alive)).toEqual([false, false]);

  const second = await start();
  expect(await query(second, 'SHOW TABLES')).toHaveLength(1);
  expect(await redis(second, (client) => client.get('kept'))).toBe('yes');
});

test('a server that is killed is started again on the same port, with all that was committed', async () => {
  const services = await start();
  await query(services, 'CREATE TABLE kept (id INT)');
  await query(services, 'INSERT INTO kept VALUES (7)');
  const killed = services.mysql.pid;
  if (killed === undefined) throw new Error('mysql is not running');
  process.kill(killed, 'SIGKILL');

  await eventually(async () => expect(await query(services, 'SELECT id FROM kept')).toEqual([{ id: 7 }]));
  expect(services.mysql.pid).not.toBe(killed);
});

test('an outage can be made, and ended', async () => {
  const services = await start();
  await services.redis.stop(1000);
  expect(services.redis.pid).toBeUndefined();
  await services.redis.start();
  expect(await redis(services, (client) => client.ping())).toBe('PONG');
});

test('nobody gets in without the password', async () => {
  const services = await start();
  for (const user of ['root', 'midjourney', 'mariadb.sys', '']) {
    await expect(
      createConnection({ ...services.db, database: undefined, user, password: '' }),
    ).rejects.toThrow(/denied/);
  }
  const { port } = new URL(services.redisUrl);
  const client = new Redis({ port: Number(port), lazyConnect: true });
  client.on('error', () => {});
  await expect(client.ping()).rejects.toThrow('NOAUTH');
  client.disconnect();
  expect(statSync(path.join(dataDir, 'secrets.json')).mode & 0o777).toBe(0o600);
});

/** A process that has the services and can be killed without having been able to do anything about it. */
function spawnOwner(): ChildProcess {
  const script = `
    import { startLocalServices } from ${JSON.stringify(import.meta.resolve('./local-services.ts'))};
    const services = await startLocalServices({ dataDir: process.argv[1] });
    process.send([services.mysql.pid, services.redis.pid]);`;
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script, dataDir], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}

test('servers end with an owner who is killed, and the next one takes over at once', async () => {
  const owner = spawnOwner();
  const [pids] = (await once(owner, 'message')) as [number[]];
  expect(pids.map(alive)).toEqual([true, true]);
  owner.kill('SIGKILL');
  await once(owner, 'exit');

  const services = await start();
  expect(pids.map(alive)).toEqual([false, false]);
  expect(await query(services, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
});

test('servers end by themselves when nobody takes over', async () => {
  const owner = spawnOwner();
  const [pids] = (await once(owner, 'message')) as [number[]];
  owner.kill('SIGKILL');
  await eventually(() => expect(pids.map(alive)).toEqual([false, false]));
});
