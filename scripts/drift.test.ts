import type { DatabaseConnection } from '@midjourney-api/shared/database/connect';
import { recordDrift } from '@midjourney-api/shared/drift/drift-records';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createProductDatabase } from '../test/product-database.ts';
import { driftProgram } from './drift/program.ts';

let database: DatabaseConnection;
beforeAll(async () => {
  database = await createProductDatabase();
});
afterAll(() => database.close());

async function run(...args: string[]): Promise<string> {
  const printed: string[] = [];
  const program = driftProgram({
    withDatabase: (command) => command(database.db),
    print: (text) => printed.push(text),
  });
  await program.parseAsync(args, { from: 'user' });
  return printed.join('');
}

const task = {
  action: { kind: 'imagine' as const, prompt: 'x xxx' },
  nonce: '1000000000000000002',
  sentAfterMessageId: '1000000000000000001',
};
const d = { id: '1000000000000000003', embeds: [{ title: 'Moonbeam required' }] };

it('nothing is said when nothing was seen', async () => {
  expect(await run()).toBe('Nothing unknown was seen.\n');
});

it('lists and shows what was seen', async () => {
  const sample = { session: 'bot' as const, task, events: [{ t: 'MESSAGE_CREATE', d }] };
  await recordDrift(database.db, { kind: 'titled embed', shape: 'Moonbeam required', sample });
  await recordDrift(database.db, {
    kind: 'command',
    shape: '/imagine',
    sample: { command: { name: 'imagine', version: '2' } },
  });
  const listed = JSON.parse(await run('--json'));
  expect(listed.map(({ kind, shape, count }: Record<string, unknown>) => [kind, shape, count])).toEqual(
    expect.arrayContaining([
      ['titled embed', 'Moonbeam required', 1],
      ['command', '/imagine', 1],
    ]),
  );
  expect(await run('list')).toMatch(/titled embed +Moonbeam required +1/);
  expect(JSON.parse(await run('show', '1'))).toMatchObject({ number: 1, sample });
});

it('makes a labelled sample for the tests', async () => {
  expect(JSON.parse(await run('sample', '1', '--as', 'refused', '--code', 'rejected'))).toMatchObject({
    kind: 'titled embed: Moonbeam required',
    provenance: 'captured',
    session: 'bot',
    task,
    events: [{ t: 'MESSAGE_CREATE', d: { ...d, channel_id: '1384158875657175166' } }],
    expect: { task: 'refused', code: 'rejected', account: false },
  });
  await expect(run('sample', '1', '--as', 'refused')).rejects.toThrow('--code');
  await expect(run('sample', '2', '--as', 'waits')).rejects.toThrow('no message');
});

it('forgets', async () => {
  expect(await run('forget', '1')).toBe('1 was forgotten.\n');
  await expect(run('show', '1')).rejects.toThrow('There is no number 1');
});
