import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { resume, shownAccount } from './account.ts';
import type { Client } from './client.ts';
import { download, pictureOf, sha256 } from './pictures.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

let system: System;
let client: Client;
let midjourney: SimulatorControl;
let userId: string;

beforeAll(async () => {
  system = await startSystem({
    drawMs: 300,
    env: {
      ACCOUNT_LEASE_MS: '1200',
      EVIDENCE_WINDOW_MS: '1500',
      START_DEADLINE_MS: '2000',
      PROGRESS_DEADLINE_MS: '2500',
    },
  });
  client = await system.newUser(1_000);
  midjourney = new SimulatorControl(system.simulator.controlUrl);
  userId = system.simulator.accounts[0]?.userId ?? '';
});
afterAll(() => system.stop());
afterEach(async () => {
  await midjourney.clearFaults();
  await midjourney.account(userId, 'restore');
});

let prompts = 0;
/** A prompt that no other test uses, so that its jobs can be found. */
const aPrompt = () => `picture number ${++prompts} of this test`;

async function expectDrawnOnce(task: TaskView) {
  expect(task).toMatchObject({ status: 'succeeded', token: 'spent' });
  // What the account was refused for was not drawn.
  const jobs = (await midjourney.jobs(task.prompt)).filter(({ state }) => state !== 'refused');
  expect(jobs.map(({ state }) => state)).toEqual(['done']);
  expect(sha256(await download(task))).toBe(jobs[0]?.imageSha256);
}

const standing = () => shownAccount(system);

async function resumed() {
  await midjourney.account(userId, 'restore');
  await resume(system);
}

describe('Discord', () => {
  it.each([
    ['answers 429 for the route', { kind: 'rate_limit', retryAfter: 1, global: false }],
    ['answers 429 for everything', { kind: 'rate_limit', retryAfter: 1, global: true }],
  ])('%s: is obeyed, and the picture drawn once', async (_name, fault) => {
    await midjourney.fault({ ...fault, times: 1, match: { path: '/interactions' } });
    const began = Date.now();
    await expectDrawnOnce(await client.run('/imagine', { prompt: aPrompt() }));
    expect(Date.now() - began).toBeGreaterThan(1_000);
  });

  it.each([
    ['answers 500', { kind: 'status', status: 500 }],
    ['answers 503', { kind: 'status', status: 503 }],
    ['resets the connection before the request got through', { kind: 'reset_before' }],
    ['resets the connection after the request got through', { kind: 'reset_after' }],
    ['takes the request and never answers', { kind: 'no_answer', afterEffect: true }],
  ])('%s: the picture is drawn once', async (_name, fault) => {
    await midjourney.fault({ ...fault, times: 1, match: { path: '/interactions' } });
    await expectDrawnOnce(await client.run('/imagine', { prompt: aPrompt() }));
    expect(await midjourney.struck(fault.kind)).toBe(1);
  });

  it('deploys new versions of its commands: they are looked up again', async () => {
    await client.run('/imagine', { prompt: aPrompt() });
    await midjourney.redeployCommands();
    await expectDrawnOnce(await client.run('/imagine', { prompt: aPrompt() }));
  });
});

describe('the gateway', () => {
  it.each([
    ['drops the connection and resumes it', { resumable: true }],
    ['asks to reconnect', { resumable: true, reconnect: true }],
    [
      'drops the session for good, and the picture is finished meanwhile',
      { resumable: false, downMs: 1_500 },
    ],
  ])('%s: nothing is missed', async (_name, how) => {
    await midjourney.fault({ kind: 'slow', drawMs: 1_200, times: 1, match: {} });
    const id = await client.submit('/imagine', { prompt: aPrompt() });
    await until('it is being drawn', async () => (await client.task(id)).status === 'running');
    await midjourney.dropGateway(how);
    await expectDrawnOnce(await client.ended(id));
  });

  it.each([
    [
      'loses the final message',
      { kind: 'miss', match: { event: 'MESSAGE_CREATE', contentContains: '(fast)' } },
    ],
    ['loses every progress', { kind: 'miss', match: { event: 'MESSAGE_UPDATE' } }],
    ['loses the deletion', { kind: 'miss', match: { event: 'MESSAGE_DELETE' } }],
    ['sends everything twice', { kind: 'duplicate', match: {} }],
    [
      'sends the final message late',
      { kind: 'delay', ms: 1_000, match: { event: 'MESSAGE_CREATE', contentContains: '(fast)' } },
    ],
    ['sends events out of order', { kind: 'reorder', match: {} }],
  ])('%s: one outcome, the right one', async (_name, fault) => {
    await midjourney.fault(fault);
    await expectDrawnOnce(await client.run('/imagine', { prompt: aPrompt() }));
  });
});

describe('the picture', () => {
  it('that comes after an operator gave its task up is its owner’s once it is claimed', async () => {
    const [own, operator] = [await system.newUser(1), await system.newUser(0, 'operator')];
    const prompt = aPrompt();
    await midjourney.fault({ kind: 'slow', drawMs: 5_000, match: { promptContains: prompt } });
    const id = await own.submit('/imagine', { prompt });
    await until('it is being drawn', async () => (await own.task(id)).status === 'running');
    const released = await operator.request<{ status: string }>('POST', '/queue/release', { trigger_id: id });
    expect(released.body.status).toBe('failed');
    expect(await own.tokenUse()).toBe(0);
    await until('the late picture', async () => (await own.task(id)).late_result, 60_000);
    const unpaid = await own.task(id);
    expect(unpaid).toMatchObject({ status: 'failed', fail_code: 'released', token: 'refunded' });
    const [job] = await midjourney.jobs(prompt);
    expect(JSON.stringify(unpaid)).not.toContain(job?.id);
    expect(await own.tokenUse()).toBe(0);
    const claims = [1, 2].map(() => own.request<{ msg_hash: string }>('POST', `/task/${id}/claim`, {}));
    for (const { status, body } of await Promise.all(claims)) {
      expect([status, body.msg_hash]).toEqual([200, job?.id]);
    }
    expect(await own.tokenUse()).toBe(1);
  });

  it('of a button given up is not taken for that of the next one that reads alike', async () => {
    const grid = await client.run('/imagine', { prompt: aPrompt() });
    await midjourney.fault({ kind: 'slow', drawMs: 6_000, times: 1, match: { kind: 'variation' } });
    const first = await client.submit('/variation', { trigger_id: grid.trigger_id, index: 1 });
    await until('it is being drawn', async () => (await client.task(first)).status === 'running');
    const operator = await system.newUser(0, 'operator');
    await operator.request('POST', '/queue/release', { trigger_id: first });
    const second = await client.run('/variation', { trigger_id: grid.trigger_id, index: 2 });
    const drawn = (await midjourney.jobs()).find(({ id }) => id === second.msg_hash);
    expect(drawn).toMatchObject({ kind: 'variation', index: 2 });
  });
});

describe('an account', () => {
  it('whose token is revoked sends nothing more, says why, and resumes when an operator resumes it', async () => {
    await midjourney.account(userId, 'revoke', { which: 'user' });
    const id = await client.submit('/imagine', { prompt: aPrompt() });
    const refused = await until('the account is refused', async () => {
      const account = await standing();
      return account?.state === 'refused' && account;
    });
    expect(refused.reason).toContain('401');
    expect(await client.task(id)).toMatchObject({ status: 'queued', token: 'reserved' });
    await resumed();
    await expectDrawnOnce(await client.ended(id));
  });

  it.each([
    ['a command', { path: '/interactions' }],
    ['the look-up of commands', { path: '/application-command-index' }],
  ])('that Discord asks for a captcha at %s stops, and keeps its task for later', async (_name, match) => {
    // So that the commands are looked up again.
    await midjourney.redeployCommands();
    await midjourney.fault({ kind: 'captcha', match });
    const ids = await Promise.all([1, 2, 3].map(() => client.submit('/imagine', { prompt: aPrompt() })));
    await until('the account is stopped', async () => (await standing())?.state === 'verification_required');
    expect(await standing()).toMatchObject({
      reason: expect.stringContaining('captcha'),
      advice: expect.stringMatching(/by hand.+resume/i),
    });
    for (const id of ids)
      expect(await client.task(id)).toMatchObject({ status: 'queued', token: 'reserved' });
    // What was on its way with the first.
    expect(await midjourney.struck('captcha')).toBeLessThanOrEqual(3);
    await midjourney.clearFaults();
    await resumed();
    for (const id of ids) await expectDrawnOnce(await client.ended(id));
  });

  it('that Discord asks for a captcha at an upload stops', async () => {
    await midjourney.fault({ kind: 'captcha', match: { path: '/attachments' } });
    const form = new FormData();
    form.append('file', await pictureOf('teal'), 'picture.png');
    expect((await client.request('POST', '/upload', form)).status).toBe(503);
    await until('the account is stopped', async () => (await standing())?.state === 'verification_required');
    await midjourney.clearFaults();
    await resumed();
  });

  it('that was resumed is not stopped again by the refusal, which is still in the history', async () => {
    const prompt = aPrompt();
    await midjourney.fault({ kind: 'slow', drawMs: 4_000, match: { promptContains: prompt } });
    const id = await client.submit('/imagine', { prompt });
    await until('it is being drawn', async () => (await client.task(id)).status === 'running');
    // Because its picture may still come, the next session reads the history from before it.
    const operator = await system.newUser(0, 'operator');
    await operator.request('POST', '/queue/release', { trigger_id: id });
    await midjourney.account(userId, 'refuse', { as: 'answer', title: 'Credits exhausted', description: '' });
    const waiting = await client.submit('/imagine', { prompt: aPrompt() });
    await until('the account is refused', async () => (await standing())?.state === 'refused');
    await resumed();
    await expectDrawnOnce(await client.ended(waiting));
    await until('the late picture', async () => (await client.task(id)).late_result);
  });

  it('without credits: its tasks wait for the operator, the one that met it too', async () => {
    await midjourney.account(userId, 'refuse', {
      as: 'answer',
      title: 'Credits exhausted',
      description: 'Buy more at midjourney.com.',
    });
    const first = await client.submit('/imagine', { prompt: aPrompt() });
    await until('the account is refused', async () => (await standing())?.state === 'refused');
    expect((await standing())?.reason).toContain('Buy more');
    const second = await client.submit('/imagine', { prompt: aPrompt() });
    for (const id of [first, second]) {
      await until('it waits', async () => (await client.task(id)).status === 'queued');
      expect(await client.task(id)).toMatchObject({ token: 'reserved' });
    }
    await resumed();
    for (const id of [first, second]) await expectDrawnOnce(await client.ended(id));
  });

  it('that is refused five times in a row in unknown words, for several clients, is stopped', async () => {
    const text = { as: 'answer', title: 'Sorry about that', description: 'Come back another day.' };
    await midjourney.fault({ kind: 'refuse', ...text, match: { promptContains: 'unlucky' } });
    const clients = [client, await system.newUser()];
    const refuse = async (count: number) => {
      for (let i = 0; i < count; i++) {
        const id = await clients[i % 2]?.submit('/imagine', { prompt: `unlucky, ${aPrompt()}` });
        expect(await clients[i % 2]?.ended(id ?? '')).toMatchObject({ fail_code: 'rejected' });
      }
    };
    await refuse(4);
    await client.run('/imagine', { prompt: aPrompt() });
    await refuse(4);
    expect((await standing())?.state).toBe('ready');
    await refuse(1);
    await until('the account is stopped', async () => (await standing())?.state === 'refused');
    expect((await standing())?.reason).toContain('Come back another day.');
    await resumed();
  });

  it('that no longer starts anything, as with a human check that only its user sees, is stopped after three tasks of different clients', async () => {
    await midjourney.account(userId, 'verify');
    const other = await system.newUser(9);
    const clients = [client, other, client];
    const ids = await Promise.all(clients.map((each) => each.submit('/imagine', { prompt: aPrompt() })));
    await until('the account is stopped', async () => (await standing())?.state === 'verification_required');
    for (const [at, id] of ids.entries()) {
      expect(await clients[at]?.ended(id)).toMatchObject({ fail_code: 'not_started', token: 'refunded' });
    }
    const waiting = await client.submit('/imagine', { prompt: aPrompt() });
    await resumed();
    await expectDrawnOnce(await client.ended(waiting));
  });

  it('that answers three prompts of one client with nothing keeps working for everybody', async () => {
    const prompt = aPrompt();
    await midjourney.fault({ kind: 'never_start', times: 3, match: { promptContains: prompt } });
    const ids = await Promise.all(
      [1, 2, 3].map((at) => client.submit('/imagine', { prompt: `${prompt} ${at}` })),
    );
    for (const id of ids) {
      expect(await client.ended(id)).toMatchObject({
        fail_code: 'not_started',
        fail_reason: expect.stringMatching(/answered privately, probably a refusal/),
        token: 'refunded',
      });
    }
    expect((await standing())?.state).toBe('ready');
    const other = await system.newUser(9);
    await expectDrawnOnce(await other.run('/imagine', { prompt: aPrompt() }));
  });

  it('that loses three tasks in a row keeps working when it started another one meanwhile', async () => {
    const [lost, slow] = [aPrompt(), aPrompt()];
    await midjourney.fault({ kind: 'never_start', times: 3, match: { promptContains: lost } });
    await midjourney.fault({ kind: 'slow', drawMs: 5_000, match: { promptContains: slow } });
    const submitLost = () => client.submit('/imagine', { prompt: lost });
    const pair = await Promise.all([submitLost(), submitLost()]);
    for (const id of pair) {
      await until('it is sent', async () => (await client.task(id)).status === 'submitted');
    }
    const drawn = await client.submit('/imagine', { prompt: slow });
    await until('another one is being drawn', async () => (await client.task(drawn)).status === 'running');
    for (const id of pair) expect(await client.ended(id)).toMatchObject({ fail_code: 'not_started' });
    expect(await client.ended(await submitLost())).toMatchObject({ fail_code: 'not_started' });
    expect((await client.task(drawn)).status).toBe('running');
    expect((await standing())?.state).toBe('ready');
    await expectDrawnOnce(await client.ended(drawn));
  });
});
