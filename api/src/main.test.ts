import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectDatabase } from '@midjourney-api/shared/database/connect';
import { createUser } from '@midjourney-api/shared/users/users';
import { afterEach, describe, expect, test } from 'vitest';
import { freePort } from '../../scripts/services/free-port.ts';
import { createMigratedDatabase } from '../../test/database.ts';
import { listen } from '../../test/listen.ts';
import { apiPrefix } from './http/app-env.ts';
import { apiEnv, killApis, listening, startApi } from './testing/api-process.ts';

afterEach(killApis);

describe('refuses to start, with a clear line,', () => {
  test('when the configuration is broken: one line for each variable', async () => {
    const { output, exited } = startApi({
      PORT: 'x',
      REDIS_URL: 'nonsense',
      RESULT_WEBHOOK_SECRET: 'geheim',
    });
    expect(await exited).toBe(1);
    const lines = output.stderr.trim().split('\n');
    expect(lines.map((line) => line.split(':')[0]).sort()).toEqual([
      'PORT',
      'REDIS_URL',
      'RESULT_WEBHOOK_SECRET',
    ]);
    expect(output.stderr).not.toContain('geheim');
  });

  test.each(['http', 'redis+tls', 'tcp', 'unix'])(
    'when Redis has an address of %s:, without showing its password',
    async (scheme) => {
      const { output, exited } = startApi({
        ...(await apiEnv()),
        REDIS_URL: `${scheme}://:geheim@127.0.0.1:6379`,
      });
      expect(await exited).toBe(1);
      expect(output.stderr.trim()).toBe('REDIS_URL: must begin with redis:// or rediss://');
      expect(output.stdout).toBe('');
    },
  );

  test('without a secret for the result webhook', async () => {
    const { output, exited } = startApi({});
    expect(await exited).toBe(1);
    expect(output.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^RESULT_WEBHOOK_SECRET: must be set/),
    ]);
  });

  test('without the list of banned words that is set', async () => {
    const { output, exited } = startApi({ ...(await apiEnv()), BANNED_WORDS_FILE: '/nowhere/banned.txt' });
    expect(await exited).toBe(1);
    expect(output.stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^BANNED_WORDS_FILE: .*ENOENT.*\. An empty file turns the check off\.$/),
    ]);
  });

  test('when the port is taken', async () => {
    const squatter = createServer();
    const port = await listen(squatter);
    const { output, exited } = startApi({ ...(await apiEnv()), PORT: String(port) });
    expect(await exited).toBe(1);
    expect(output.stderr.trim().split('\n')).toEqual([expect.stringContaining(`Port ${port} is taken`)]);
    squatter.close();
  });
});

test('warns of environment variables that are nearly ones of its own', async () => {
  const env = await apiEnv();
  const { output } = startApi({ ...env, WAITING_LIMT: '5', DISCORD_SERVER: '1', EDITOR: 'vi' });
  await listening(env.PORT);
  expect(output.stdout).toContain(
    'The environment variable WAITING_LIMT does nothing. Did you mean WAITING_LIMIT?',
  );
  expect(output.stdout).toContain('DISCORD_SERVER does nothing: there is no such setting.');
  expect(output.stdout).not.toContain('EDITOR');
});

test('accepts unsigned results only when configured to, and warns', async () => {
  const { RESULT_WEBHOOK_SECRET: _, ...env } = await apiEnv();
  const { output } = startApi({ ...env, RESULT_WEBHOOK_UNSIGNED: '1' });
  await listening(env.PORT);
  await expect.poll(() => output.stdout).toContain('ANYONE');
});

test('stays up while MySQL and Redis are away, and says so', async () => {
  const nowhere = await freePort();
  const env = {
    ...(await apiEnv()),
    DB_HOST: '127.0.0.1',
    DB_PORT: String(nowhere),
    REDIS_URL: `redis://127.0.0.1:${nowhere}`,
  };
  const { child, exited } = startApi(env);
  await listening(env.PORT);
  const ready = await fetch(`http://127.0.0.1:${env.PORT}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({
    code: 'unavailable',
    detail: 'MySQL and Redis cannot be reached.',
    checks: { mysql: 'down', redis: 'down' },
  });
  const submit = await fetch(`http://127.0.0.1:${env.PORT}${apiPrefix}/imagine`, {
    method: 'POST',
    headers: { Authorization: 'Bearer mj_x', 'Content-Type': 'application/json' },
    body: JSON.stringify({ prompt: 'a cat' }),
  });
  expect([submit.status, submit.headers.get('Retry-After')]).toEqual([503, '5']);
  expect(await submit.json()).toMatchObject({ code: 'unavailable' });
  child.kill('SIGTERM');
  expect(await exited).toBe(0);
});

test('accepts tasks while Redis is away, and stops within ten seconds, answering who waits', async () => {
  const database = await createMigratedDatabase();
  const connection = connectDatabase(database);
  const { appKey } = await createUser(connection.db, { userName: 'someone', tokenTotal: 5 });
  const env = { ...(await apiEnv(database)), REDIS_URL: `redis://127.0.0.1:${await freePort()}` };
  const { child, exited, output } = startApi(env);
  await listening(env.PORT);
  const base = `http://127.0.0.1:${env.PORT}${apiPrefix}`;
  const headers = { Authorization: `Bearer ${appKey}`, 'Content-Type': 'application/json' };

  const ready = await fetch(`http://127.0.0.1:${env.PORT}/readyz`);
  expect(await ready.json()).toMatchObject({ checks: { mysql: 'ok', redis: 'down' } });
  const submit = await fetch(`${base}/imagine`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ prompt: 'a cat' }),
  });
  expect(submit.status).toBe(200);
  const { trigger_id } = (await submit.json()) as { trigger_id: string };
  await expect.poll(() => output.stdout).toContain('the job could not be added now');

  const waiting = fetch(`${base}/task/${trigger_id}?wait=60`, { headers });
  await sleep(500);
  const start = performance.now();
  child.kill('SIGTERM');
  const answer = await waiting;
  expect([answer.status, ((await answer.json()) as { status: string }).status]).toEqual([200, 'queued']);
  expect(await exited).toBe(0);
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(output.stdout).not.toContain(appKey);
  await connection.close();
  await database.drop();
});
