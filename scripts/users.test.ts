import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { connectDatabase, type DatabaseConnection } from '@midjourney-api/shared/database/connect';
import { notices, uploads } from '@midjourney-api/shared/database/schema';
import { createAcceptTask } from '@midjourney-api/shared/tasks/accept-task';
import { changeTask } from '@midjourney-api/shared/tasks/change-task';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import { createTaskIds, type TaskId } from '@midjourney-api/shared/tasks/task-id';
import { getUser } from '@midjourney-api/shared/users/users';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { openFileStore } from '../api/src/pictures/file-store.ts';
import { newPictureFile, originalPath } from '../api/src/pictures/picture-file.ts';
import { createMigratedDatabase, type TestDatabase } from '../test/database.ts';
import { programArguments } from '../test/program.ts';
import { usersProgram } from './users/program.ts';

let database: TestDatabase;
let dataDir: string;
let connection: DatabaseConnection;
beforeAll(async () => {
  database = await createMigratedDatabase();
  connection = connectDatabase(database);
  dataDir = mkdtempSync(path.join(tmpdir(), 'users-'));
});
afterAll(async () => {
  await connection.close();
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** @throws with a message in one line */
async function users(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const program = usersProgram({
    withDatabase: (command) => command(connection.db),
    openPictures: () => openFileStore(path.join(dataDir, 'images')),
    print: (text) => printed.push(text),
    actor: 'shell:ops',
  });
  await program.parseAsync(args, { from: 'user' });
  return printed.join('');
}

test('the command works from a shell', async () => {
  const env = {
    PATH: process.env.PATH ?? '',
    DATA_DIR: dataDir,
    DB_HOST: database.host,
    DB_PORT: String(database.port),
    DB_USER: database.user,
    DB_PASSWORD: database.password,
    DB_NAME: database.database,
  };
  const run = async (...args: string[]) => {
    const command = [...programArguments('scripts/users'), '--json', ...args];
    return JSON.parse((await promisify(execFile)(process.execPath, command, { env })).stdout);
  };
  expect(await run('create', 'by-shell', '3')).toMatchObject({ user_name: 'by-shell', token_total: 3 });
  expect(await run('audit', 'by-shell')).toEqual([
    expect.objectContaining({ action: 'users.create', actor: expect.stringMatching(/^shell:./) }),
  ]);
});

it('hook-secret shows the secret of a user’s hooks, the same until it is rotated, and nothing else shows it', async () => {
  await users('create', 'alice', '10');
  const first = JSON.parse(await users('--json', 'hook-secret', 'alice')).hook_secret;
  expect(first).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(await users('hook-secret', 'alice')).toContain(`The secret of the user’s hooks:\n${first}\n`);
  const second = JSON.parse(await users('--json', 'hook-secret', 'alice', '--rotate')).hook_secret;
  expect(second).not.toBe(first);
  const shown = (await users('list')) + (await users('--json', 'info', 'alice'));
  expect(shown).toContain('alice');
  expect(shown).not.toContain('whsec_');
});

const json = async (...args: string[]) => JSON.parse(await users('--json', ...args));
const refusal = (...args: string[]) =>
  users(...args).then(
    () => 'it was done',
    (error: Error) => error.message,
  );
const newTaskId = createTaskIds();

async function query(sql: string, ...values: unknown[]): Promise<Record<string, unknown>[]> {
  const [rows] = await connection.pool.query(sql, values);
  return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
}

/** A task of this user that has ended, or is still open. */
async function task(userName: string, end?: 'released'): Promise<TaskId> {
  const { db } = connection;
  const user = await getUser(db, userName);
  const created = { ...aTask(), id: newTaskId(), userId: user.id, createdAt: new Date() };
  const { id } = await createAcceptTask(db)(created);
  const context = {
    db,
    changes: { announce: () => {} },
    queues: { addNotice: () => Promise.reject(new Error('no task here has a hook')) },
    taskEnded: () => {},
  };
  if (end) await changeTask(context, id, { type: 'failed', code: end, reason: 'Not needed.' });
  return id;
}

it('finds a user by name or by key, and repeats no key that nobody has', async () => {
  const { app_key } = await json('create', 'by-name', '10');
  expect((await json('info', app_key)).user_name).toBe('by-name');
  expect((await json('info-key', app_key)).user_name).toBe('by-name');
  expect((await json('update-tokens', 'by-name', '20')).token_total).toBe(20);
  expect((await json('update-tokens', app_key, '30')).token_total).toBe(30);
  expect((await json('reset-usage', 'by-name')).token_use).toBe(0);
  const unknown = await refusal('info', `mj_${'x'.repeat(43)}`);
  expect(unknown).toBe('There is no user "mj_[secret]", by name or by key; "list" shows all.');
});

it('keeps every movement of a total in the ledger, with who made it and why', async () => {
  const { db } = connection;
  await users('create', 'granted', '5', '--note', 'trial');
  await users('add-tokens', 'granted', '100', '--note', 'order 4711');
  await users('add-tokens', 'granted', '--', '-5');
  await users('update-tokens', 'granted', '50');
  await users('reset-usage', 'granted', '--note', 'new month');
  expect(await refusal('add-tokens', 'granted', '--', '-51')).toMatch(/^The number of tokens must be/);
  expect(await refusal('add-tokens', 'granted', 'many')).toMatch(/whole number/);
  const { id } = await getUser(db, 'granted');
  const rows = await query(
    'SELECT kind, change_in_total, actor, note FROM token_ledger WHERE user_id = ? ORDER BY id',
    id,
  );
  expect(rows.map(Object.values)).toEqual([
    ['grant', 5, 'shell:ops', 'trial'],
    ['grant', 100, 'shell:ops', 'order 4711'],
    ['grant', -5, 'shell:ops', null],
    ['grant', -50, 'shell:ops', null],
    ['reset', 0, 'shell:ops', 'new month'],
  ]);
});

it('what operators add at once adds up', async () => {
  await users('create', 'shared', '0');
  await Promise.all([1, 10, 100].map((number) => users('add-tokens', 'shared', String(number))));
  expect((await json('info', 'shared')).token_total).toBe(111);
});

it('makes a user an operator and back', async () => {
  await users('create', 'promoted', '0');
  expect((await json('set-role', 'promoted', 'operator')).role).toBe('operator');
  expect((await json('set-role', 'promoted', 'user')).role).toBe('user');
  expect(await refusal('set-role', 'promoted', 'king')).toBe('The role is one of: user, operator.');
});

it('has a user answered in another dialect, from the start or later, and notes it', async () => {
  expect((await json('create', 'older', '0', '--dialect', 'original')).dialect).toBe('original');
  await users('create', 'newer', '0');
  expect((await json('set-dialect', 'newer', 'original')).dialect).toBe('original');
  expect((await json('set-dialect', 'older', 'v1')).dialect).toBe('v1');
  const listed = await json('list');
  expect(
    listed
      .filter(({ user_name }: { user_name: string }) => ['older', 'newer'].includes(user_name))
      .map(({ user_name, dialect }: Record<string, string>) => [user_name, dialect]),
  ).toEqual([
    ['older', 'v1'],
    ['newer', 'original'],
  ]);
  expect(await refusal('set-dialect', 'newer', 'latin')).toBe('The dialect is one of: v1, original.');
  expect((await json('audit', 'newer'))[0]).toMatchObject({
    action: 'users.set-dialect',
    detail: { dialect: 'original' },
  });
});

it('deletes a user who has no open task; their tasks stay, and so does what they were charged', async () => {
  const { db } = connection;
  await users('create', 'gone', '5');
  const [ended, open] = [await task('gone', 'released'), await task('gone')];
  expect(await refusal('delete', 'gone')).toMatch(/^The user "gone" has 1 open tasks: wait for them/);
  await query("UPDATE tasks SET status = 'succeeded' WHERE id = ?", open);
  const { id: userId } = await getUser(db, 'gone');
  const now = new Date();
  await db.insert(notices).values({ taskId: ended, version: 2, userId, body: '{}', createdAt: now });
  await db
    .insert(uploads)
    .values({ id: newTaskId(), userId, account: 'a', uploadFilename: 'x', uploadUrl: 'x', createdAt: now });

  expect(await users('delete', 'gone')).toContain('The user "gone" is deleted.');
  expect(await refusal('info', 'gone')).toMatch(/^There is no user "gone"/);
  for (const table of [notices, uploads]) {
    const left = await db.select().from(table);
    expect(left.filter((row) => row.userId === userId)).toEqual([]);
  }
  expect(await query('SELECT id FROM tasks WHERE user_id = ?', userId)).toHaveLength(2);
  expect(await json('usage')).toContainEqual(
    expect.objectContaining({ user_name: '(deleted)', reserved: 2, returned: 1 }),
  );
});

it('erases the tasks and pictures of one customer, and of nobody else', async () => {
  for (const name of ['erased', 'other']) await users('create', name, '5');
  const [erased, other] = [await task('erased', 'released'), await task('other', 'released')];
  const pictures = [erased, other].map((id) => {
    const file = newPictureFile(id, 'png');
    const picture = path.join(dataDir, 'images', originalPath(file));
    mkdirSync(path.dirname(picture), { recursive: true });
    writeFileSync(picture, 'a picture');
    return { id, imageFile: file.name, picture };
  });
  for (const { id, imageFile } of pictures) {
    await query('UPDATE tasks SET image_file = ? WHERE id = ?', imageFile, id);
  }

  expect(await users('delete', 'erased', '--erase')).toContain('1 tasks are erased.');
  expect(pictures.map(({ picture }) => existsSync(picture))).toEqual([false, true]);
  const left = await query('SELECT id FROM tasks WHERE id IN (?, ?)', erased, other);
  expect(left.map(({ id }) => String(id))).toEqual([other]);
});

it('shows what tokens were used for in a month, also as comma-separated values', async () => {
  await users('create', 'billed', '5');
  await task('billed', 'released');
  await task('billed');
  const month = new Date().toISOString().slice(0, 7);
  const row = {
    period: month,
    user_name: 'billed',
    trigger_type: 'generate',
    reserved: 2,
    spent: 0,
    returned: 1,
  };
  expect(await json('usage', 'billed', '--month', month)).toEqual([row]);
  expect(await users('usage', 'billed', '--csv')).toBe(
    `period,user_name,trigger_type,reserved,spent,returned\n${month},billed,generate,2,0,1\n`,
  );
  expect(await users('usage', 'billed', '--month', '2024-02')).toBe('No token moved in 2024-02.\n');
});

it('records who changed what, when and for which user, and never a key', async () => {
  const { app_key } = await json('create', 'audited', '5', '--role', 'operator');
  const rotated = (await json('rotate-key', 'audited')).app_key;
  await users('add-tokens', rotated, '7', '--note', `for ${rotated}`);
  await users('disable', rotated);
  await refusal('update-tokens', 'audited', '-1');
  await users('info', 'audited');
  const entries = await json('audit', 'audited');
  const note = 'for mj_[secret]';
  expect(entries.map(({ action, detail }: { action: string; detail: object }) => [action, detail])).toEqual([
    ['users.disable', {}],
    ['users.add-tokens', { added: 7, note }],
    ['users.rotate-key', {}],
    ['users.create', { token_total: 5, role: 'operator', dialect: 'v1' }],
  ]);
  for (const { actor, target, at } of entries) {
    expect([actor, target]).toEqual(['shell:ops', 'audited']);
    expect(Date.now() - Date.parse(at)).toBeLessThan(60_000);
  }
  const shown = (await users('audit')) + JSON.stringify(entries);
  expect(shown).toContain('users.add-tokens');
  for (const key of [app_key, rotated]) expect(shown).not.toContain(key);
});
