import { setImmediate } from 'node:timers/promises';
import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import { LeaseLost } from '@midjourney-api/shared/accounts/leases';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import { transition } from '@midjourney-api/shared/tasks/transition';
import { beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { Pace } from '../accounts/permits/pace.ts';
import { Slots } from '../accounts/permits/slots.ts';
import { OwnLease } from '../accounts/pool/own-lease.ts';
import { aDiscordAccount } from '../discord/discord-account.fixture.ts';
import { AccountRefused } from '../discord/rest/account-refused.ts';
import type { SendOutcome } from '../discord/rest/send-outcome.ts';
import { type ActiveTask, createActiveTask } from './active-task.ts';
import { NotSent, type SendContext, sendTask } from './send.ts';

const taken: SendOutcome = { type: 'taken' };
const unknown: SendOutcome = { type: 'unknown', message: 'ECONNRESET' };
const refused = (status: number, code = 0): SendOutcome => ({ type: 'refused', status, code, message: 'no' });
const never = new AbortController().signal;
const pace = new Pace(unpaced);

let active: ActiveTask;
let lease: OwnLease;
let slots: Slots;
let sends = 0;
let lookUps = 0;
let changes: string[] = [];
let whileCommitting = () => {};
beforeEach(() => {
  active = createActiveTask(aTask());
  lease = leaseTakenAt(performance.now());
  slots = new Slots({ pictures: 1, videos: null, pace });
  sends = 0;
  lookUps = 0;
  changes = [];
  whileCommitting = () => {};
});

const leaseTakenAt = (at: number) => new OwnLease({ account: 'default', worker: 'me', fence: 1 }, 60_000, at);

/** Sends the task to a Discord that gives these answers, one after the other. */
function send(answers: (SendOutcome | Error)[], history: () => void = () => {}, lookUpError?: Error) {
  const command = { id: '1', version: '2', name: 'imagine', application_id: '3' };
  const context: SendContext = {
    user: {
      account: aDiscordAccount(),
      bots: { midjourney: '3', niji: '4' },
      rest: {
        interact: async () => {
          const answer = answers[sends++];
          if (!answer) throw new Error('Sent more often than expected.');
          if (answer instanceof Error) throw answer;
          return answer;
        },
      },
      commands: {
        find: async () => {
          lookUps++;
          if (lookUpError) throw lookUpError;
          return command;
        },
        forget: () => {},
      },
      sessionId: async () => 'session',
    },
    lease,
    channel: { newestMessageId: '1000', readHistory: async () => history() },
    slots,
    pace,
    record: {
      change: async (task, event) => {
        changes.push(event.type);
        if (event.type === 'sending') whileCommitting();
        const change = transition(task, event, new Date());
        return change ? { task: { ...task, ...change }, applied: true } : { task, applied: false };
      },
    },
    since: 0,
    evidenceWindowMs: 20,
    log: createLogger('test', 'silent'),
  };
  return sendTask(active, context, never);
}

const evidence = () => active.inbox.put({ type: 'taken' });
const ambiguousEvidence = () => {
  active.possibleMessages.set('2000', 'accepted');
};

const refusal = { cause: 'captcha', reason: 'a captcha', until: null } as const;

describe('sendTask', () => {
  it('writes down that it sends before it does, and that Discord took it after', async () => {
    expect(await send([taken])).toEqual({ type: 'submitted' });
    expect(active.task).toMatchObject({ status: 'submitted', sendAttempts: 1, sentAfterMessageId: '1000' });
    expect(active.nonce).toBe(active.task.nonce);
  });

  it('sends again after a lost answer when no trace of the first try has come', async () => {
    expect(await send([unknown, taken])).toEqual({ type: 'submitted' });
    expect(active.task.sendAttempts).toBe(2);
  });

  it.each([
    ['came', evidence],
    ['may have come: it fits another task as well', ambiguousEvidence],
  ])('does not send again after a lost answer when a trace %s', async (_name, history) => {
    expect(await send([unknown], history)).toEqual({ type: 'submitted' });
    expect(sends).toBe(1);
  });

  it('goes on with what another worker may have sent: looks first', async () => {
    active = createActiveTask(aTask({ nonce: '7', sendAttempts: 1, sentAt: new Date(), account: 'default' }));
    expect(await send([], evidence)).toEqual({ type: 'submitted' });
    expect(sends).toBe(0);
  });

  it('does not send again what turns out to have arrived while it is being committed', async () => {
    active = createActiveTask(aTask({ nonce: '7', sendAttempts: 1, sentAt: new Date(), account: 'default' }));
    whileCommitting = evidence;
    expect(await send([])).toEqual({ type: 'submitted' });
    expect([changes, sends]).toEqual([['sending', 'submitted'], 0]);
  });

  it('sends nothing for a task that somebody has ended', async () => {
    active = createActiveTask(aTask({ status: 'failed' }));
    expect(await send([])).toEqual({ type: 'ended' });
  });

  it('looks commands up again, once, when Discord does not know their version', async () => {
    expect(await send([refused(400, 50_035), taken])).toEqual({ type: 'submitted' });
    expect(lookUps).toBe(2);
    expect(await send([]).catch(String)).toEqual({ type: 'ended' });
  });

  it('fails when Discord refuses the request', async () => {
    expect(await send([refused(400, 10_008)])).toMatchObject({ type: 'refused' });
    expect(active.task.status).toBe('queued');
  });

  it('keeps its task for later when Discord refuses the account', async () => {
    await expect(send([{ type: 'account refused', refusal }])).rejects.toThrow(new AccountRefused(refusal));
    expect(changes.at(-1)).toBe('not_sent');
  });

  it.each([
    ['the account is refused', new AccountRefused(refusal), AccountRefused],
    ['Discord fails', new Error('500'), NotSent],
  ])('was not sent when commands cannot be looked up because %s', async (_name, error, what) => {
    await expect(send([], undefined, error)).rejects.toThrow(what);
    expect(active.task.nonce).toBe(null);
  });

  it('is tried again later when Discord cannot be reached: it was definitely not sent', async () => {
    await expect(send([{ type: 'unreachable', message: 'ECONNREFUSED' }])).rejects.toThrow(NotSent);
  });

  it('writes nothing down while the lease has ended, and sends once it is renewed', async () => {
    lease = leaseTakenAt(performance.now() - 60_000);
    const sending = send([taken]);
    await eventually(() => expect(lookUps).toBe(1));
    await setImmediate();
    expect([changes, sends]).toEqual([[], 0]);
    lease.renewed(performance.now());
    expect(await sending).toEqual({ type: 'submitted' });
  });

  it.each<[string, Partial<Task>, SendOutcome[]]>([
    [
      'of what another worker may have sent there is no trace',
      { nonce: '7', sendAttempts: 1, sentAt: new Date(), account: 'default' },
      [taken],
    ],
    ['its answer was lost', {}, [unknown, taken]],
  ])('waits for a slot when %s, and the account has as much as it may', async (_why, before, answers) => {
    const other = slots.occupy({ work: 'picture', speed: null });
    const slot = slots.occupy({ work: 'picture', speed: null });
    active = createActiveTask(aTask(before), { slot, releaseKey() {} });
    const sending = send(answers);
    await eventually(() => expect(slots.used).toBe(1));
    await setImmediate();
    expect(sends).toBe(answers.length - 1);
    other.release();
    expect(await sending).toEqual({ type: 'submitted' });
    expect([sends, slots.used]).toEqual([answers.length, 1]);
  });

  it('leaves it unsent to the next worker when the lease has ended by the time it would go out', async () => {
    await expect(send([new LeaseLost('gone')])).rejects.toThrow(LeaseLost);
    expect(changes.at(-1)).toBe('not_sent');
  });
});
