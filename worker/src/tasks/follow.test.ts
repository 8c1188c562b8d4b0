import type { ResultEvent } from '@midjourney-api/shared/results/result-event';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Modal } from '../discord/channel-event.ts';
import { aMessage } from '../discord/message.fixture.ts';
import type { DiscordMessage } from '../discord/message.ts';
import { AccountRefused } from '../discord/rest/account-refused.ts';
import { DeliveryRefused } from '../results/delivery.ts';
import { createActiveTask, type TaskSignal } from './active-task.ts';
import { followTask } from './follow.ts';
import { Postponed } from './postpone.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-01-02T03:04:05Z') });
});
afterEach(() => vi.useRealTimers());

const message = aMessage();
const progressed = (progress: number): TaskSignal => ({ type: 'progressed', message, progress });

/** Follows a submitted task; what it delivers is noted with the milliseconds since it was submitted. */
function follow(different: Partial<Task> = {}, history: () => TaskSignal[] = () => []) {
  const began = Date.now();
  const submittedAt = new Date(began);
  const active = createActiveTask(
    aTask({ status: 'submitted', nonce: '1', submittedAt, sentAt: submittedAt, ...different }),
  );
  const delivered: [number, string, number | string | undefined][] = [];
  const note = ({ type, progress, fail_code }: ResultEvent) =>
    delivered.push([Date.now() - began, type, progress ?? fail_code]);
  const refused = vi.fn();
  const cancel = vi.fn();
  const giveBack = vi.fn(async () => {});
  const postpone = vi.fn(async ({ until }: { until?: Date | undefined }) => {
    if (until) throw new Postponed(until);
  });
  const sendRegion = vi.fn(async () => undefined);
  const answerModal = vi.fn(async ({ fields }: Modal) =>
    fields.length > 0 ? undefined : 'Discord refused it.',
  );
  const outcome = followTask(
    active,
    {
      delivery: {
        attempt: async (event) => void note(event),
        insist: async (event) => {
          note(event);
          return { status: 'failed' as const, applied: true };
        },
      },
      deadlines: { startMs: 60_000, progressMs: 300_000, totalMs: 1_800_000 },
      readHistory: async () => {
        for (const signal of history()) active.inbox.put(signal);
      },
      answerModal,
      sendRegion,
      cancel,
      accountRefused: refused,
      giveBack,
      postpone,
      silenceReason: 'Nothing was heard.',
      now: Date.now,
    },
    new AbortController().signal,
  );
  const hear = (signal: TaskSignal) => active.inbox.put(signal);
  return { active, delivered, outcome, refused, giveBack, postpone, cancel, answerModal, hear };
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe('followTask', () => {
  it('passes progress on at most once a second and only when it grew, the end at once', async () => {
    const { delivered, outcome, hear } = follow();
    hear({ type: 'started', message });
    for (const progress of [10, 20, 30, 30, 25]) {
      await pass(200);
      hear(progressed(progress));
    }
    await pass(1_000);
    hear(progressed(40));
    hear({ type: 'finished', message });
    await pass(1);
    expect(await outcome).toBe('over');
    expect(delivered).toEqual([
      [0, 'start', undefined],
      [200, 'generating', 10],
      [1_200, 'generating', 30],
      [2_000, 'end', undefined],
    ]);
  });

  it('delivers only the end of what has ended already', async () => {
    const { delivered, outcome, hear } = follow();
    for (const signal of [{ type: 'started', message }, progressed(50), { type: 'vanished' }] as const)
      hear(signal);
    hear({ type: 'finished', message });
    expect(await outcome).toBe('over');
    expect(delivered).toEqual([[0, 'end', undefined]]);
  });

  it('gives up a task that never starts, after it has looked into the history', async () => {
    const history = vi.fn(() => []);
    const { delivered, outcome } = follow({}, history);
    await pass(60_001);
    expect(await outcome).toBe('never started');
    expect(history).toHaveBeenCalledTimes(1);
    expect(delivered).toEqual([[60_000, 'error', 'not_started']]);
  });

  it('finds in the history what the gateway missed', async () => {
    const { delivered, outcome } = follow({}, () => [{ type: 'finished', message }]);
    await pass(60_001);
    expect(await outcome).toBe('over');
    expect(delivered).toEqual([[60_000, 'end', undefined]]);
  });

  it('gives up without progress for too long; progress sets that back, the history’s old news does not', async () => {
    const { delivered, outcome, hear } = follow({}, () => [progressed(20)]);
    hear({ type: 'started', message });
    await pass(200_000);
    hear(progressed(20));
    await pass(299_999);
    expect(delivered.map(([, type]) => type)).toEqual(['start', 'generating']);
    await pass(2);
    expect(await outcome).toBe('given up');
    expect(delivered.at(-1)).toEqual([500_000, 'error', 'timeout']);
  });

  it('gives up what takes too long in all', async () => {
    const { delivered, outcome, hear } = follow();
    for (let progress = 1; progress < 20; progress++) {
      hear(progressed(progress));
      await pass(100_000);
    }
    expect(await outcome).toBe('given up');
    expect(delivered.at(-1)).toEqual([1_800_000, 'error', 'timeout']);
  });

  it('takes a progress message that vanishes with no picture following for stopped', async () => {
    const { delivered, outcome, hear } = follow();
    hear(progressed(50));
    hear({ type: 'vanished' });
    await pass(10_001);
    expect(await outcome).toBe('over');
    expect(delivered.at(-1)).toEqual([10_000, 'error', 'stopped']);
  });

  it('continues where another worker left it: the deadlines count from the beginning', async () => {
    const submittedAt = new Date(Date.now() - 59_000);
    const { delivered } = follow({ submittedAt });
    await pass(1_001);
    expect(delivered).toEqual([[1_000, 'error', 'not_started']]);
  });

  describe('an account that is refused', () => {
    const reason = 'Credits exhausted';
    const account = { cause: 'subscription', reason, until: null } as const;
    const refusal = {
      type: 'refused',
      message,
      code: 'account_unavailable',
      reason,
      scope: 'account',
      account,
    } as const;
    const check = { type: 'web page', code: 'verification_required', reason, account } as const;

    it.each([refusal, check])('gives its task back when that has not started: $type', async (signal) => {
      const { delivered, outcome, giveBack, hear } = follow();
      hear(signal);
      const failed = expect(outcome).rejects.toThrow(new AccountRefused(account));
      await pass(1);
      await failed;
      expect(giveBack).toHaveBeenCalledOnce();
      expect(delivered).toEqual([]);
    });

    it('fails its task when that has started: it may have been drawn', async () => {
      const { delivered, outcome, refused, giveBack, hear } = follow();
      hear({ type: 'started', message });
      hear(refusal);
      await pass(1);
      expect(await outcome).toBe('over');
      expect(refused).toHaveBeenCalledWith(account);
      expect(giveBack).not.toHaveBeenCalled();
      expect(delivered).toEqual([[0, 'error', 'account_unavailable']]);
    });
  });

  describe('a task that Midjourney does not take now', () => {
    const refusal = {
      type: 'refused',
      message,
      code: 'rejected',
      reason: 'Slow Down!',
      scope: 'later',
    } as const;

    it('waits again', async () => {
      const { delivered, outcome, hear } = follow();
      const until = new Date(Date.now() + 20_000);
      hear({ ...refusal, until });
      const postponed = expect(outcome).rejects.toThrow(new Postponed(until));
      await pass(1);
      await postponed;
      expect(delivered).toEqual([]);
    });

    it('fails when it would have to wait too long', async () => {
      const { delivered, outcome, postpone, hear } = follow();
      hear(refusal);
      await pass(1);
      expect(await outcome).toBe('over');
      expect(postpone).toHaveBeenCalledOnce();
      expect(delivered).toEqual([[0, 'error', 'rejected']]);
    });

    it('is followed when the history shows that it is drawn all the same', async () => {
      const { delivered, postpone, hear } = follow({}, () => [progressed(10)]);
      hear({ type: 'started', message });
      hear(refusal);
      await pass(10);
      expect(postpone).not.toHaveBeenCalled();
      expect(delivered).toEqual([[0, 'generating', 10]]);
    });
  });

  it.each<[TaskSignal, string, string]>([
    [{ type: 'unanswered' }, 'not_started', 'never started'],
    [
      { type: 'web page', code: 'rejected', reason: 'On a web page only', account: undefined },
      'rejected',
      'over',
    ],
    [
      { type: 'modal', modal: { interactionId: '1', customId: 'x', title: 'Remix Prompt', fields: [] } },
      'rejected',
      'over',
    ],
  ])('fails at once when its session sees that nothing will be drawn: %j', async (signal, code, expected) => {
    const { delivered, outcome, hear } = follow();
    hear({ type: 'taken' });
    hear(signal);
    await pass(1);
    expect(await outcome).toBe(expected);
    expect(delivered).toEqual([[0, 'error', code]]);
  });

  const remix = {
    kind: 'button' as const,
    messageId: '500',
    messageFlags: 0,
    customId: 'MJ::JOB::variation::1::h',
    prompt: 'a dog',
  };
  const form: Modal = {
    interactionId: '1',
    customId: 'x',
    title: 'Remix Prompt',
    fields: [{ customId: 'y', value: 'a cat' }],
  };
  const answering = (openedBy: string | null): DiscordMessage => ({
    ...message,
    interaction: { id: '9', openedBy, messageId: '500', firstAnswerId: null, command: null, userId: null },
  });

  it('sends a form back, and follows what is drawn then', async () => {
    const { delivered, outcome, answerModal, cancel, hear } = follow({ action: remix });
    hear({ type: 'modal', modal: form });
    hear({ type: 'started', message: answering('8') });
    await pass(1);
    hear({ type: 'finished', message });
    expect(await outcome).toBe('over');
    expect(answerModal).toHaveBeenCalledExactlyOnceWith(form);
    expect(cancel).not.toHaveBeenCalled();
    expect(delivered.map(([, type]) => type)).toEqual(['start', 'end']);
  });

  it('cancels what is drawn without asking for the prompt that is to be drawn', async () => {
    const { delivered, outcome, cancel, hear } = follow({ action: remix });
    hear({ type: 'started', message: answering(null) });
    await pass(1);
    // Its picture may come all the same, and must not be taken for another task's.
    expect(await outcome).toBe('given up');
    expect(cancel).toHaveBeenCalledOnce();
    expect(delivered).toEqual([[0, 'error', 'rejected']]);
  });

  it('continues with a task that is being drawn, though its interaction was not answered', async () => {
    const { delivered, outcome, hear } = follow();
    hear({ type: 'started', message });
    hear({ type: 'unanswered' });
    hear({ type: 'finished', message });
    await pass(1);
    expect(await outcome).toBe('over');
    expect(delivered.at(-1)).toEqual([0, 'end', undefined]);
  });

  it('delivers nothing for a task that somebody else has ended', async () => {
    const { delivered, outcome, hear } = follow();
    hear({ type: 'ended' });
    await pass(1);
    expect(await outcome).toBe('given up');
    expect(delivered).toEqual([]);
  });

  it('fails a task whose result the api will never take, so that its token comes back', async () => {
    const active = createActiveTask(
      aTask({ status: 'running', startedAt: new Date(), submittedAt: new Date() }),
    );
    active.inbox.put({ type: 'finished', message });
    const insist = vi.fn(async ({ type }: ResultEvent) => {
      if (type === 'end') throw new DeliveryRefused('400');
      return { status: 'failed' as const, applied: true };
    });
    await followTask(
      active,
      {
        delivery: { attempt: async () => {}, insist },
        deadlines: { startMs: 1, progressMs: 1, totalMs: 1 },
        readHistory: async () => {},
        answerModal: async () => undefined,
        sendRegion: async () => undefined,
        cancel: () => {},
        accountRefused: () => {},
        giveBack: async () => {},
        postpone: async () => {},
        silenceReason: 'Nothing was heard.',
        now: Date.now,
      },
      new AbortController().signal,
    );
    expect(insist.mock.calls.map(([{ type, fail_code }]) => [type, fail_code])).toEqual([
      ['end', undefined],
      ['error', 'internal'],
    ]);
  });
});
