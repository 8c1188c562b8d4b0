import { findTask } from '@midjourney-api/shared/tasks/find-tasks';
import { isTaskId } from '@midjourney-api/shared/tasks/task-id';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resume, shownAccount } from './account.ts';
import type { Client } from './client.ts';
import { download, sha256 } from './pictures.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

/** An account without a bot: its user listens. */

let system: System;
let client: Client;
let midjourney: SimulatorControl;
let userId: string;

beforeAll(async () => {
  system = await startSystem({
    drawMs: 300,
    // What is only noticed by a deadline is not noticed in this test.
    env: {
      DISCORD_SESSION: 'user',
      DISCORD_BOT_TOKEN: '',
      ACCOUNT_LEASE_MS: '1200',
      START_DEADLINE_MS: '600000',
    },
  });
  client = await system.newUser(1_000);
  midjourney = new SimulatorControl(system.simulator.controlUrl);
  userId = system.simulator.accounts[0]?.userId ?? '';
});
afterAll(() => system.stop());
afterEach(() => midjourney.clearFaults());

async function expectItsOwnPicture(id: string) {
  const task = await client.succeeded(id);
  const job = (await midjourney.jobs()).find((each) => each.id === task.msg_hash);
  expect(sha256(await download(task))).toBe(job?.imageSha256);
  return task;
}

const account = () => shownAccount(system);

async function sendAttempts(id: string) {
  return isTaskId(id) ? (await findTask(system.db, id))?.sendAttempts : undefined;
}

async function stopped(state: string) {
  const shown = await until(`the account is ${state}`, async () => {
    const now = await account();
    return now?.state === state && now;
  });
  return shown.reason;
}

async function resumed() {
  await midjourney.account(userId, 'restore');
  await resume(system);
}

describe('the seed of a picture', () => {
  const seedOf = (id: string) => client.request<{ seed: number; code?: string }>('GET', `/task/${id}/seed`);

  it('is asked for once and kept, each that of its own picture', async () => {
    const seeds = [1_234, 5_678];
    const tasks = await Promise.all(
      seeds.map((seed) => client.run('/imagine', { prompt: `a quiet harbour --seed ${seed} --v 7` })),
    );
    const answers = await Promise.all(tasks.map(({ trigger_id }) => seedOf(trigger_id)));
    expect(answers.map(({ status, body }) => [status, body.seed])).toEqual(seeds.map((seed) => [200, seed]));
    for (const [at, { trigger_id }] of tasks.entries()) {
      expect((await client.task(trigger_id)).drawn?.seed).toBe(seeds[at]);
      // What the task has kept needs no Midjourney.
      expect((await seedOf(trigger_id)).body.seed).toBe(seeds[at]);
    }
  });

  it('is none of what has no picture', async () => {
    const { trigger_id } = await client.run('/shorten', { prompt: 'a very quiet and peaceful harbour' });
    const { status, body } = await seedOf(trigger_id);
    expect([status, body.code]).toEqual([409, 'action_unavailable']);
  });

  it('is not made up when Midjourney does not name it', async () => {
    const { trigger_id } = await client.run('/imagine', { prompt: 'a harbour at night' });
    await midjourney.fault({ kind: 'miss', match: { event: 'MESSAGE_CREATE', contentContains: '**seed**' } });
    const { status, body } = await seedOf(trigger_id);
    expect([status, body.code]).toEqual([503, 'unavailable']);
    expect((await client.task(trigger_id)).drawn?.seed).toBeUndefined();
  });
});

describe('an account whose user listens', () => {
  it('draws and picks without a bot', async () => {
    const grid = await expectItsOwnPicture(await client.submit('/imagine', { prompt: 'a quiet harbour' }));
    const picks = await Promise.all(
      [1, 2, 3].map((index) => client.submit('/upscale', { trigger_id: grid.trigger_id, index })),
    );
    for (const id of picks) await expectItsOwnPicture(id);
    const [{ sessions, botCalls } = {}] = await midjourney.accountStats();
    expect(sessions).toMatchObject([{ kind: 'user' }]);
    expect(botCalls).toEqual({});
  });

  it('gives many equal prompts and many equal buttons at once each their own', async () => {
    const drawings = await Promise.all(
      Array.from({ length: 6 }, () => client.submit('/imagine', { prompt: 'the same cat' })),
    );
    const [grid] = await Promise.all(drawings.map(expectItsOwnPicture));
    const buttons = await Promise.all(
      [1, 2, 1, 2].map((index) => client.submit('/variation', { trigger_id: grid?.trigger_id, index })),
    );
    const variations = await Promise.all(buttons.map(expectItsOwnPicture));
    expect(new Set(variations.map(({ msg_hash }) => msg_hash)).size).toBe(4);
  });

  it('draws once what Discord took without an answer', async () => {
    await midjourney.fault({ kind: 'reset_after', times: 1, match: { path: '/interactions' } });
    await expectItsOwnPicture(await client.submit('/imagine', { prompt: 'asked for once' }));
    expect(await midjourney.jobs('asked for once')).toHaveLength(1);
  });

  it('finds in the history what was drawn while its session was lost', async () => {
    await midjourney.fault({ kind: 'slow', drawMs: 2_000, match: { promptContains: 'lost and found' } });
    const id = await client.submit('/imagine', { prompt: 'lost and found' });
    await until('it is being drawn', async () => (await client.task(id)).status === 'running');
    await midjourney.dropGateway({ resumable: false, downMs: 2_500 });
    await expectItsOwnPicture(id);
  });

  it('reports at once what Midjourney refuses in a message that only the user sees', async () => {
    const prompt = 'refused in private';
    const refusal = { title: 'Duplicate images detected', description: 'The images are the same.' };
    await midjourney.fault({ kind: 'refuse', ...refusal, match: { promptContains: prompt } });
    const task = await client.ended(await client.submit('/imagine', { prompt }));
    expect(task).toMatchObject({ status: 'failed', fail_code: 'invalid_parameter', token: 'refunded' });
    expect(task.fail_reason).toContain('The images are the same.');
    expect((await account())?.state).toBe('ready');
  });

  it.each([
    ['a forbiddenword', 'banned', 'Banned prompt detected'],
    ['a borderlineword', 'moderated', 'Action needed to continue'],
    ['a cat --ar wide', 'invalid_parameter', 'Invalid parameter'],
    ['a cat --v 6 --niji 6', 'invalid_parameter', 'not compatible'],
    ['a cat --nonsense', 'invalid_parameter', 'Unrecognized parameter'],
    [
      'a cat --oref https://example.com/a.png',
      'invalid_parameter',
      '`--oref` is not compatible with `--version 8.2`',
    ],
    ['a cat::2 a dog', 'invalid_parameter', 'Multi-prompts'],
    ['https://example.com/a.png a cat --video --turbo', 'invalid_parameter', 'supported for video jobs'],
    ['https://example.com/page a cat', 'invalid_parameter', 'Could not fetch image'],
    ['a filteredmidway cat', 'moderated', 'output filters'],
  ])('says why Midjourney refuses "%s"', async (prompt, failCode, reason) => {
    const task = await client.ended(await client.submit('/imagine', { prompt }));
    expect(task).toMatchObject({ status: 'failed', fail_code: failCode, token: 'refunded' });
    expect(task.fail_reason).toContain(reason);
    expect((await account())?.state).toBe('ready');
  });

  it.each(['softlymoderated', 'softlyhidden'])('draws what is %s, for the user alone', async (word) => {
    await expectItsOwnPicture(await client.submit('/imagine', { prompt: `a ${word} poker table` }));
  });

  it('knows within seconds that Midjourney did not answer', async () => {
    const task = await client.ended(await client.submit('/imagine', { prompt: 'neverstart' }));
    expect(task).toMatchObject({ status: 'failed', fail_code: 'not_started', token: 'refunded' });
  });

  it('is stopped by a refusal of the account that only the user sees', async () => {
    await midjourney.account(userId, 'refuse', {
      title: 'Credits exhausted',
      description: 'Buy more.',
    });
    const id = await client.submit('/imagine', { prompt: 'on credit' });
    expect(await stopped('refused')).toContain('Buy more.');
    await until('its task waits', async () => (await client.task(id)).status === 'queued');
    await resumed();
    await expectItsOwnPicture(id);
  });

  it('is stopped by a human check, which nothing answers, until a person has and resumes it', async () => {
    await midjourney.fault({ kind: 'slow', drawMs: 3_000, match: { promptContains: 'begun before' } });
    const before = await client.submit('/imagine', { prompt: 'begun before' });
    await until('it is being drawn', async () => (await client.task(before)).status === 'running');

    await midjourney.account(userId, 'verify');
    await stopped('verification_required');
    const [shown] = JSON.parse(await system.accounts('--json', 'list'));
    expect(shown).toMatchObject({
      name: 'default',
      session: 'user',
      state: 'verification_required',
      reason: expect.stringContaining('Action required to continue'),
    });
    const waiting = await client.submit('/imagine', { prompt: 'after the check' });
    await expectItsOwnPicture(before);
    expect(await client.task(waiting)).toMatchObject({ status: 'queued', token: 'reserved' });
    expect(await midjourney.jobs('after the check')).toEqual([]);

    // Resumed, but the check was not answered: the task that meets it waits again.
    await system.accounts('resume', 'default');
    await until('the task met the check', async () => (await sendAttempts(waiting)) === 1);
    await stopped('verification_required');
    await until('it waits', async () => (await client.task(waiting)).status === 'queued');
    await resumed();
    await expectItsOwnPicture(waiting);
  });

  it('is refused when its token is revoked', async () => {
    await midjourney.account(userId, 'revoke', { which: 'user' });
    expect(await stopped('refused')).toContain('token');
    await resumed();
    await expectItsOwnPicture(await client.submit('/imagine', { prompt: 'with a new token' }));
  });
});
