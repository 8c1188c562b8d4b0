import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { migrateDatabase } from '@midjourney-api/shared/database/migrate';
import { tasks } from '@midjourney-api/shared/database/schema';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { connectRedis } from '@midjourney-api/shared/redis';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import { openTaskChanges } from '@midjourney-api/shared/tasks/task-changes';
import { createTaskIds, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import { createUser } from '@midjourney-api/shared/users/users';
import { sql } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { startLocalServices } from '../../../scripts/services/local-services.ts';
import { until } from '../../../test/system/until.ts';
import { apiPrefix } from '../http/app-env.ts';
import { apiEnv, killApis, listening, startApi } from '../testing/api-process.ts';
import { readAnswer } from '../testing/open-test-api.ts';
import { readEvents } from '../testing/read-events.ts';

const clients = 500;

afterEach(killApis);

test(`${clients} clients wait at one api: MySQL is not queried for each of them, and all are answered at once`, {
  timeout: 120_000,
}, async () => {
  // Of its own, because what MySQL is asked is counted.
  const dataDir = mkdtempSync(path.join(tmpdir(), 'midjourney-api-waiting-'));
  const services = await startLocalServices({ dataDir, durable: false });
  await migrateDatabase(services.db);
  const { db, close } = connectDatabase(services.db);
  const log = createLogger('test', 'silent');
  const redis = connectRedis(services.redisUrl, log, { waiting: true });
  const env = await apiEnv(services.db);
  const changes = await openTaskChanges(redis, env.REDIS_PREFIX, log);

  const { user, appKey } = await createUser(db, { userName: 'someone', tokenTotal: 0 });
  const newTaskId = createTaskIds();
  const ids: TaskId[] = Array.from({ length: clients }, newTaskId);
  await db.insert(tasks).values(ids.map((id) => aTask({ id, userId: user.id, createdAt: new Date() })));

  const { child, exited, output } = startApi({
    ...env,
    REDIS_URL: services.redisUrl,
    RATE_LIMIT_PER_KEY: '0',
    RATE_LIMIT_PER_ADDRESS: '0',
  });
  await listening(env.PORT);
  const get = (path: string) =>
    fetch(`http://127.0.0.1:${env.PORT}${apiPrefix}/task/${path}`, {
      headers: { Authorization: `Bearer ${appKey}` },
    });

  const coming = performance.now();
  const streams = await Promise.all(
    ids.filter((_, at) => at % 2 === 0).map(async (id) => readEvents(await get(`${id}/events`))),
  );
  for (const stream of streams) expect(await stream.next()).toMatchObject({ event: 'status' });
  const waiting = ids
    .filter((_, at) => at % 2 === 1)
    .map(async (id) => readAnswer(await get(`${id}?wait=60`)));

  const statements = async () => {
    const [[row]] = (await db.execute(sql`SHOW GLOBAL STATUS LIKE 'Questions'`)) as unknown as [
      [{ Value: string }],
    ];
    return Number(row.Value);
  };
  const askedIn = async (ms: number) => {
    const before = await statements();
    await new Promise((resolve) => setTimeout(resolve, ms));
    return (await statements()) - before;
  };
  await until('all of them wait', async () => (await askedIn(500)) < 20);
  const cameIn = performance.now() - coming;
  // The shared look every three seconds, and rounds of the reconciler; each client alone would make a thousand.
  expect(await askedIn(6_000)).toBeLessThan(200);

  await db.update(tasks).set({ status: 'failed', failCode: 'rejected', finishedAt: new Date(), version: 2 });
  const before = await statements();
  const start = performance.now();
  for (const id of ids) changes.announce({ id, status: 'failed', version: 2, cancelRequestedAt: null });
  const answered = await Promise.all([
    ...waiting.map(async (answer) => (await answer).json.status),
    ...streams.map(async (stream) => (await stream.next())?.event),
  ]);
  // Sooner than the shared look would, or on a busy machine than they came.
  expect(performance.now() - start).toBeLessThan(Math.max(3_000, cameIn));
  expect(answered.sort()).toEqual([
    ...Array(clients / 2).fill('failed'),
    ...Array(clients / 2).fill('final'),
  ]);
  expect((await statements()) - before).toBeLessThan(100);

  const stillOpen = newTaskId();
  await db.insert(tasks).values(aTask({ id: stillOpen, userId: user.id, createdAt: new Date() }));
  const stream = readEvents(await get(`${stillOpen}/events`));
  await stream.next();
  child.kill('SIGTERM');
  expect(await stream.next()).toBeUndefined();
  expect(stream.retry()).toBeGreaterThanOrEqual(500);
  expect(await exited).toBe(0);
  // Such as that of Node about listeners that pile up.
  expect(output.stderr).toBe('');
  await changes.close();
  redis.disconnect();
  await close();
  await services.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
