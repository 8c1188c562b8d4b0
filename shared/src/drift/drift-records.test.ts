import { afterAll, beforeAll, expect, it } from 'vitest';
import { createProductDatabase } from '../../../test/product-database.ts';
import type { DatabaseConnection } from '../database/connect.ts';
import type { Drift } from './drift.ts';
import { findDrift, forgetDrift, listDrift, pruneDrift, recordDrift } from './drift-records.ts';

let database: DatabaseConnection;
beforeAll(async () => {
  database = await createProductDatabase();
});
afterAll(() => database.close());

const seen = (shape: string, kind: Drift['kind'] = 'button', version = '1'): Drift => ({
  kind,
  shape,
  sample: { command: { name: shape, version } },
});
const at = (minute: number) => new Date(Date.UTC(2026, 0, 2, 3, minute));

it('what looks alike is counted together, with the first sample', async () => {
  const { db } = database;
  await recordDrift(db, seen('a'), at(1));
  await recordDrift(db, seen('a', 'button', '2'), at(3));
  await recordDrift(db, seen('a', 'content'), at(2));
  const listed = await listDrift(db);
  expect(listed.map(({ kind, shape, count }) => [kind, shape, count])).toEqual([
    ['button', 'a', 2],
    ['content', 'a', 1],
  ]);
  expect(listed[0]).toMatchObject({ firstSeen: at(1), lastSeen: at(3), sample: seen('a').sample });
});

it('of each kind the shapes that were seen last are kept', async () => {
  const { db } = database;
  for (let minute = 10; minute < 15; minute++) await recordDrift(db, seen(`b${minute}`), at(minute));
  expect(await pruneDrift(db, 3)).toBe(3);
  const shapes = (await listDrift(db)).map(({ kind, shape }) => `${kind} ${shape}`);
  expect(shapes).toEqual(['button b14', 'button b13', 'button b12', 'content a']);
  expect(await pruneDrift(db, 3)).toBe(0);
});

it('one can be forgotten', async () => {
  const { db } = database;
  const [first] = await listDrift(db);
  const id = first?.id ?? 0;
  expect(await forgetDrift(db, id)).toBe(true);
  expect([await findDrift(db, id), await forgetDrift(db, id)]).toEqual([undefined, false]);
});
