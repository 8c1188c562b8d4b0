import { openSync } from 'node:fs';
import { afterAll, expect, inject, test } from 'vitest';
import { apiEnv, killApis, listening, startApi } from './testing/api-process.ts';

afterAll(killApis);

test('an api whose log has no space works, says so, and ends when it is asked to', async () => {
  const env = { ...(await apiEnv(inject('services').db)), LOG_LEVEL: 'debug' };
  const { child, exited } = startApi(env, openSync('/dev/full', 'w'));
  await listening(env.PORT);
  const get = (path: string) => fetch(`http://127.0.0.1:${env.PORT}${path}`);
  for (let i = 0; i < 50; i++) expect((await get('/healthz')).status).toBe(200);

  const ready = await get('/readyz');
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({
    status: 'ok',
    warnings: ['The log cannot be written (ENOSPC). Make room where the logs are.'],
  });
  expect(await (await get('/metrics')).text()).toContain('midjourney_log_lines_lost_total 0');

  child.kill('SIGTERM');
  expect(await exited).toBe(0);
});
