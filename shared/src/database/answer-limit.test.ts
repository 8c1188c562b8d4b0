import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/database.ts';
import { type StallingProxy, startStallingProxy } from '../../../test/stalling-proxy.ts';
import { connectDatabase, type DatabaseConnection, isDatabaseUnreachable } from './connect.ts';

const timeoutMs = 600;
const poolSize = 2;
/** With so many on two connections, waiting one after the other would take twenty times the limit. */
const many = 40;
let server: TestDatabase;
let proxy: StallingProxy;
let connection: DatabaseConnection;

beforeEach(async () => {
  server = await createTestDatabase();
  proxy = await startStallingProxy(server.port, server.host);
  connection = connectDatabase({ ...server, host: '127.0.0.1', port: proxy.port, poolSize, timeoutMs });
  await connection.db.execute(sql`create table counters (id int primary key, value int)`);
  await connection.db.execute(sql`insert into counters values (1, 0)`);
});
afterEach(async () => {
  await connection.close().catch(() => {});
  await proxy.close();
  await server.drop();
});

const ask = () => connection.db.execute(sql`select value from counters where id = 1`);
const add = () =>
  connection.db.transaction(async (tx) => {
    await tx.execute(sql`select value from counters where id = 1 for update`);
    await tx.execute(sql`update counters set value = value + 1 where id = 1`);
  });

async function connectionId(): Promise<unknown> {
  const [rows] = await connection.db.execute(sql`select connection_id() as id`);
  return rows;
}

/** How each of the attempts ended, and how long the slowest took. */
async function attempt(what: () => Promise<unknown>, times: number) {
  const start = performance.now();
  const results = await Promise.allSettled(Array.from({ length: times }, what));
  const ends = results.map((result) =>
    result.status === 'fulfilled'
      ? 'answered'
      : isDatabaseUnreachable(result.reason)
        ? 'away'
        : result.reason,
  );
  return { ends: [...new Set(ends)], ms: performance.now() - start };
}

describe('a MySQL that is frozen', () => {
  test.each([
    ['queries', ask],
    ['transactions', add],
  ])('lets no %s wait for longer than the limit, however many there are', async (_what, request) => {
    await attempt(request, poolSize);
    proxy.stall();
    const { ends, ms } = await attempt(request, many);
    expect(ends).toEqual(['away']);
    expect(ms).toBeLessThan(10 * timeoutMs);
  });

  test('lets nothing wait for longer either when the connections have idled for longer before', async () => {
    await attempt(ask, poolSize);
    await sleep(2 * timeoutMs);
    proxy.stall();
    const { ends, ms } = await attempt(ask, many);
    expect(ends).toEqual(['away']);
    expect(ms).toBeLessThan(10 * timeoutMs);
  });

  test('is answered by again when it thaws, on as many connections as before', async () => {
    proxy.stall();
    await attempt(add, 10);
    proxy.resume();
    await expect.poll(() => attempt(ask, 1).then(({ ends }) => ends)).toEqual(['answered']);
    expect((await attempt(add, 20)).ends).toEqual(['answered']);
    const [rows] = await connection.db.execute(
      sql`select count(*) as open from information_schema.processlist where db = ${server.database}`,
    );
    expect(rows).toEqual([{ open: poolSize }]);
  });

  test('in the middle of a transaction leaves nothing of it behind', async () => {
    const half = connection.db.transaction(async (tx) => {
      await tx.execute(sql`update counters set value = 100 where id = 1`);
      proxy.stall();
      await tx.execute(sql`update counters set value = 200 where id = 1`);
    });
    await expect(half).rejects.toSatisfy(isDatabaseUnreachable);
    proxy.resume();
    await expect.poll(() => ask().then(([rows]) => rows, String)).toEqual([{ value: 0 }]);
  });
});

test('a lock that somebody keeps is given up by MySQL, which keeps the connection', async () => {
  const other = connectDatabase({ ...server, poolSize: 1 });
  let letGo = () => {};
  let locked = () => {};
  const isLocked = new Promise<void>((resolve) => {
    locked = resolve;
  });
  const holding = other.db.transaction(async (tx) => {
    await tx.execute(sql`select value from counters where id = 1 for update`);
    locked();
    await new Promise<void>((resolve) => {
      letGo = resolve;
    });
  });
  await isLocked;
  const patient = connectDatabase({ ...server, poolSize: 1, timeoutMs: 2_400 });
  const blocked = patient.db.transaction(async (tx) => {
    await tx.execute(sql`update counters set value = value + 1 where id = 1`);
  });
  await expect(blocked).rejects.toSatisfy(isDatabaseUnreachable);
  await expect(blocked).rejects.toMatchObject({ cause: { code: 'ER_LOCK_WAIT_TIMEOUT' } });
  letGo();
  await holding;
  expect((await attempt(add, 3)).ends).toEqual(['answered']);
  await Promise.all([other.close(), patient.close()]);
});

test('a connection without work is left alone', async () => {
  const before = await connectionId();
  await sleep(2 * timeoutMs);
  expect(await connectionId()).toEqual(before);
});
