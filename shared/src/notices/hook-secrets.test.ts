import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProductDatabase } from '../../../test/product-database.ts';
import type { DatabaseConnection } from '../database/connect.ts';
import { createUser, listUsers } from '../users/users.ts';
import { hookSecrets, rotateHookSecret } from './hook-secrets.ts';

let database: DatabaseConnection;
beforeAll(async () => {
  database = await createProductDatabase();
});
afterAll(() => database.close());

const newUser = async (userName: string) =>
  (await createUser(database.db, { userName, tokenTotal: 1 })).user.id;
const now = new Date('2026-01-02T03:00:00.000Z');
const after = (hours: number) => new Date(now.getTime() + hours * 3_600_000);

describe("the secret of a user's hooks", () => {
  it('is made once, when it is first needed, however many need it at once', async () => {
    const id = await newUser('once');
    const found = await Promise.all(Array.from({ length: 10 }, () => hookSecrets(database.db, id)));
    const [first] = found;
    expect(new Set(found.flat()).size).toBe(1);
    expect(first?.[0]).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(await hookSecrets(database.db, id)).toEqual(first);
  });

  it("is each user's own", async () => {
    const [one, two] = [await newUser('one'), await newUser('two')];
    expect(await hookSecrets(database.db, one)).not.toEqual(await hookSecrets(database.db, two));
  });

  it('signs for a day beside the one that replaced it', async () => {
    const id = await newUser('rotates');
    const [first] = await hookSecrets(database.db, id, now);
    const second = await rotateHookSecret(database.db, id, now);
    expect(await hookSecrets(database.db, id, after(23.9))).toEqual([second, first]);
    expect(await hookSecrets(database.db, id, after(24))).toEqual([second]);
    const third = await rotateHookSecret(database.db, id, after(30));
    expect(await hookSecrets(database.db, id, after(31))).toEqual([third, second]);
  });

  it('is not among what is shown of users', async () => {
    const [secret] = await hookSecrets(database.db, await newUser('shown'));
    expect(JSON.stringify(await listUsers(database.db))).not.toContain(secret);
  });

  it('is of no user who does not exist', async () => {
    await expect(hookSecrets(database.db, 987_654)).rejects.toThrow('There is no user 987654');
  });
});
