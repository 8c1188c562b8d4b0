import { expect, it } from 'vitest';
import { createProductDatabase } from '../../../test/product-database.ts';
import { users } from '../database/schema.ts';
import { createLogger } from './logger.ts';

it('the values of a failed query are not logged, also when another error is thrown because of it', async () => {
  const { db, pool, close } = await createProductDatabase();
  const row = { userName: 'someone', appKey: 'a-key', hookSecret: 'whsec_secret' };
  await db.insert(users).values(row);
  const failed: unknown = await db
    .insert(users)
    .values(row)
    .catch((error) => error);
  const raw: unknown = await pool.query("SELECT 'whsec_secret' FROM nowhere").catch((error) => error);
  await close();

  const lines: string[] = [];
  const log = createLogger('test', 'info', { write: (line) => lines.push(line) });
  log.error({ err: failed }, 'failed');
  log.error({ err: new Error('because', { cause: failed }) }, 'failed');
  log.error({ err: raw }, 'failed');

  const [direct, wrapped, unwrapped] = lines.map((line) => JSON.parse(line).err);
  expect(direct.code).toBe('ER_DUP_ENTRY');
  expect(direct.message).toMatch(/^ER_DUP_ENTRY to the query: insert into/);
  expect(direct.stack).toContain('logger.test.ts');
  expect(wrapped).toMatchObject({ message: 'because', cause: { code: 'ER_DUP_ENTRY' } });
  expect(unwrapped).toMatchObject({ code: 'ER_NO_SUCH_TABLE' });
  expect(lines.join()).not.toMatch(/whsec_secret|a-key|someone/);
});

it('secrets are not logged, by whatever way they come: as fields, in objects, on errors', () => {
  const lines: string[] = [];
  const log = createLogger('test', 'info', { write: (line) => lines.push(line) });
  const user = { userName: 'someone', appKey: 'top-secret', hookSecret: 'top-secret' };
  log.info({ token: 'top-secret', user, authorization: 'top-secret', count: 1 }, 'careless');
  log.child({ botToken: 'top-secret' }).info('careless');
  log.error({ err: Object.assign(new Error('careless'), { userToken: 'top-secret' }) }, 'careless');
  expect(lines.join()).not.toContain('top-secret');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ count: 1, user: { userName: 'someone' } });
  // What was logged is as it was.
  expect(user.appKey).toBe('top-secret');
});
