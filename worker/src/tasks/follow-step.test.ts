import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import { describe, expect, it } from 'vitest';
import { aMessage } from '../discord/message.fixture.ts';
import type { FollowEffect, FollowSignal, FollowState } from './follow-state.ts';
import { beginFollowing, followStep } from './follow-step.ts';

const submittedAt = Date.UTC(2026, 0, 2, 3, 4, 5);
const now = submittedAt + 5_000;
const deadlines = { startMs: 60_000, progressMs: 300_000, totalMs: 1_800_000 };
const reason = 'Credits exhausted';
const code = 'account_unavailable';
const refusal = { cause: 'subscription', reason, until: null } as const;

const message = aMessage();
const modal = { interactionId: '1', customId: 'x', title: 'Remix Prompt', fields: [] };

const begin = (different: Parameters<typeof aTask>[0] = {}) =>
  beginFollowing(
    aTask({ status: 'submitted', submittedAt: new Date(submittedAt), ...different }),
    { deadlines, silenceReason: 'Nothing was heard.' },
    now,
  );
const waiting = begin().state;
const announced: FollowState = { ...waiting, started: true };
const drawing: FollowState = {
  ...announced,
  isDrawn: true,
  progress: 30,
  aliveAt: submittedAt + 1_000,
};
const states = {
  waiting,
  drawing,
  vanished: { ...drawing, vanishedAt: submittedAt + 2_000 },
  'without its form': { ...waiting, awaitsForm: true },
  'without its editor': { ...waiting, awaitsEditor: true },
};

const signals = {
  'time passed': { type: 'time passed' },
  ended: { type: 'ended' },
  vanished: { type: 'vanished' },
  taken: { type: 'taken' },
  unanswered: { type: 'unanswered' },
  modal: { type: 'modal', modal },
  'form answered': { type: 'form answered', failure: undefined },
  'form not answered': { type: 'form answered', failure: 'Discord refused it.' },
  'account refused': { type: 'account refused', refusal },
  'web page for the account': { type: 'web page', code, reason, account: refusal },
  'web page for the task': { type: 'web page', code, reason, account: undefined },
  'web page with a token': { type: 'web page', code, reason, account: undefined, editor: { token: 't' } },
  accepted: { type: 'accepted', message },
  started: { type: 'started', message },
  'started without a form': {
    type: 'started',
    message: {
      ...message,
      interaction: {
        id: '9',
        openedBy: null,
        messageId: '500',
        firstAnswerId: null,
        command: null,
        userId: null,
      },
    },
  },
  'progressed further': { type: 'progressed', message, progress: 31 },
  'progressed no further': { type: 'progressed', message, progress: 30 },
  finished: { type: 'finished', message },
  described: { type: 'described', message },
  'result delivered': { type: 'result delivered', isTaken: false },
  'result is taken': { type: 'result delivered', isTaken: true },
  'refused the account': { type: 'refused', message, code, reason, scope: 'account', account: refusal },
  'refused the task': { type: 'refused', message, code, reason, scope: 'request' },
  'refused for now': { type: 'refused', message, code, reason, scope: 'later' },
  'refused as the queue is full': { type: 'refused', message, code, reason, scope: 'queue' },
} satisfies Record<string, FollowSignal>;

/** The effects of each signal, in short: the same in every state, or by state. */
const table: Record<keyof typeof signals, string[] | Record<keyof typeof states, string[]>> = {
  'time passed': [],
  ended: ['given up'],
  vanished: [],
  taken: [],
  unanswered: {
    waiting: ['fail not_started', 'never started'],
    drawing: [],
    vanished: [],
    'without its form': ['fail not_started', 'never started'],
    'without its editor': ['fail not_started', 'never started'],
  },
  modal: ['answer form'],
  'form answered': [],
  'form not answered': ['fail rejected, job ended', 'over'],
  'account refused': ['give back'],
  'web page for the account': {
    waiting: ['give back'],
    drawing: ['fail account_unavailable, job ended', 'over'],
    vanished: ['fail account_unavailable, job ended', 'over'],
    'without its form': ['give back'],
    'without its editor': ['give back'],
  },
  'web page for the task': ['fail account_unavailable, job ended', 'over'],
  'web page with a token': {
    waiting: ['fail account_unavailable, job ended', 'over'],
    drawing: ['fail account_unavailable, job ended', 'over'],
    vanished: ['fail account_unavailable, job ended', 'over'],
    'without its form': ['fail account_unavailable, job ended', 'over'],
    'without its editor': ['send region'],
  },
  accepted: [],
  started: [],
  'started without a form': {
    waiting: [],
    drawing: [],
    vanished: [],
    'without its form': ['cancel', 'fail rejected', 'given up'],
    'without its editor': [],
  },
  'progressed further': [],
  'progressed no further': [],
  finished: ['deliver end'],
  described: ['deliver text'],
  'result delivered': ['over'],
  'result is taken': [],
  'refused the account': {
    waiting: ['refuse account', 'give back'],
    drawing: ['refuse account', 'deliver refusal', 'over'],
    vanished: ['refuse account', 'deliver refusal', 'over'],
    'without its form': ['refuse account', 'give back'],
    'without its editor': ['refuse account', 'give back'],
  },
  'refused the task': ['deliver refusal', 'over'],
  'refused for now': {
    waiting: ['read history'],
    drawing: [],
    vanished: [],
    'without its form': ['read history'],
    'without its editor': ['read history'],
  },
  'refused as the queue is full': {
    waiting: ['read history'],
    drawing: [],
    vanished: [],
    'without its form': ['read history'],
    'without its editor': ['read history'],
  },
};

function inShort(effect: FollowEffect): string {
  switch (effect.type) {
    case 'notify':
      return effect.event === 'generating' ? `notify ${effect.progress}` : 'notify start';
    case 'deliver result':
      return `deliver ${effect.event}`;
    case 'fail':
      return `fail ${effect.code}${effect.jobEnded ? ', job ended' : ''}`;
    case 'conclude':
      return effect.outcome;
    default:
      return effect.type;
  }
}
const effectsOf = (state: FollowState, signal: FollowSignal, at = now) =>
  followStep(state, signal, at).effects.map(inShort);
const after = (state: FollowState, ...heard: FollowSignal[]) =>
  heard.reduce((before, signal) => followStep(before, signal, now).state, state);
const passed: FollowSignal = { type: 'time passed' };

describe('followStep', () => {
  const cases = Object.entries<FollowSignal>(signals).flatMap(([name, signal]) =>
    Object.entries(states).map(([stateName, state]) => ({ name, signal, stateName, state })),
  );
  it.each(cases)('$name while $stateName', ({ name, signal, stateName, state }) => {
    const expected = table[name as keyof typeof signals];
    expect(effectsOf(state, signal)).toEqual(
      Array.isArray(expected) ? expected : expected[stateName as keyof typeof states],
    );
  });

  it('keeps only the latest news, which is due once a second, the start at once', () => {
    const start = followStep(waiting, { type: 'started', message }, now);
    expect(start.wakeAt).toBe(now);
    const first = followStep(start.state, { type: 'progressed', message, progress: 10 }, now);
    const notified = followStep(first.state, passed, now);
    expect(notified.effects.map(inShort)).toEqual(['notify 10']);
    const newer = after(
      notified.state,
      ...[20, 30].map((progress) => ({ type: 'progressed', message, progress }) as const),
    );
    expect(effectsOf(newer, passed, now + 999)).toEqual([]);
    const next = followStep(newer, passed, now + 1_000);
    expect(next.effects.map(inShort)).toEqual(['notify 30']);
    expect(effectsOf(next.state, passed, now + 5_000)).toEqual([]);
  });

  describe('at a deadline', () => {
    it.each([
      ['waiting', deadlines.startMs, 'fail not_started', 'never started'],
      ['drawing', 1_000 + deadlines.progressMs, 'fail timeout', 'given up'],
      ['vanished', 2_000 + 10_000, 'fail stopped, job ended', 'over'],
    ] as const)('searches the history once, then gives up what is %s', (name, afterMs, failure, outcome) => {
      const at = submittedAt + afterMs;
      expect(followStep(states[name], { type: 'taken' }, now).wakeAt).toBe(at);
      expect(effectsOf(states[name], passed, at - 1)).toEqual([]);
      const searching = followStep(states[name], passed, at);
      expect(searching.effects.map(inShort)).toEqual(['read history']);
      expect(effectsOf(searching.state, passed, at)).toEqual([failure, outcome]);
    });

    it('searches again when the deadline has moved meanwhile', () => {
      const searched = followStep(drawing, passed, submittedAt + 301_000).state;
      const moved = followStep(
        searched,
        { type: 'progressed', message, progress: 40 },
        submittedAt + 301_000,
      );
      const notified = followStep(moved.state, passed, submittedAt + 301_000);
      expect(notified.wakeAt).toBe(submittedAt + 601_000);
      expect(effectsOf(notified.state, passed, submittedAt + 601_000)).toEqual(['read history']);
    });

    it('ends what progresses for too long in all', () => {
      const at = submittedAt + deadlines.totalMs;
      const late = { ...drawing, aliveAt: at - 1, searchedFor: at };
      expect(effectsOf(late, passed, at)).toEqual(['fail timeout', 'given up']);
    });
  });

  describe('refused for now', () => {
    const refused = signals['refused for now'];

    it.each([
      ['not heard of', waiting],
      ['announced', announced],
      ['announced, and its message deleted', { ...announced, vanishedAt: now }],
    ])('what was %s is postponed, once the history has been read', (_, state) => {
      const reading = followStep(state, refused, now);
      expect(reading.effects.map(inShort)).toEqual(['read history']);
      expect(reading.wakeAt).toBeLessThanOrEqual(now);
      // The history has the same messages again.
      const read = after(reading.state, { type: 'started', message }, refused);
      expect(effectsOf(read, passed)).toEqual(['postpone', 'deliver refusal', 'over']);
    });

    it.each<[string, FollowSignal]>([
      ['drawn', { type: 'progressed', message, progress: 0 }],
      ['finished', { type: 'finished', message }],
    ])('what the history shows %s is not', (_, shown) => {
      const read = followStep(after(announced, refused), shown, now);
      expect([...read.effects.map(inShort), ...effectsOf(read.state, passed)]).not.toContain('postpone');
      expect(effectsOf(read.state, refused)).toEqual([]);
    });

    it('what another worker saw drawn is not either', () => {
      const { state } = begin({ status: 'running', startedAt: new Date(submittedAt), progress: 1 });
      expect(effectsOf(state, refused)).toEqual([]);
    });
  });

  it('adds to a refusal what its client can change', () => {
    const advice = 'Change the prompt.';
    const { effects } = followStep(drawing, { ...signals['refused the task'], advice }, now);
    expect(effects[0]).toMatchObject({ reason: `${reason}. ${advice}` });
  });

  it.each<[string, boolean, FollowSignal]>([
    ['progress', true, { type: 'progressed', message, progress: 31 }],
    ['what the history shows again', false, { type: 'progressed', message, progress: 30 }],
    ['a repeated start', false, { type: 'started', message }],
    ['an answer', true, { type: 'accepted', message }],
    ['that Discord passed it on', false, { type: 'taken' }],
  ])('whether %s is a sign of life: %s', (_, isAlive, signal) => {
    expect(followStep(drawing, signal, now).state.aliveAt).toBe(isAlive ? now : drawing.aliveAt);
  });

  it('an answer that is edited is a sign of life once', () => {
    const accepted = followStep(waiting, { type: 'accepted', message }, now).state;
    expect(followStep(accepted, { type: 'accepted', message }, now + 1).state.aliveAt).toBe(now);
  });

  it.each<FollowSignal>([
    { type: 'started', message },
    { type: 'progressed', message, progress: 1 },
  ])('a message that vanished has come back: $type', (signal) => {
    expect(followStep(states.vanished, signal, now).state.vanishedAt).toBeNull();
  });

  it('a second deletion does not set the grace back', () => {
    expect(followStep(states.vanished, { type: 'vanished' }, now).state.vanishedAt).toBe(submittedAt + 2_000);
  });

  it('a form that was opened is awaited no longer, whatever became of it', () => {
    expect(after(states['without its form'], { type: 'modal', modal }).awaitsForm).toBe(false);
  });

  it('continues from what another worker stored', () => {
    const { state, wakeAt } = begin({
      status: 'running',
      startedAt: new Date(submittedAt + 1_000),
      progressedAt: new Date(submittedAt + 4_000),
      progress: 40,
    });
    expect([state.started, state.progress]).toEqual([true, 40]);
    expect(wakeAt).toBe(submittedAt + 4_000 + deadlines.progressMs);
  });
});
