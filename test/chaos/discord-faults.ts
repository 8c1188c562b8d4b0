import type { Fault } from './fault.ts';

const interactions = { path: '/interactions' };

/** The faults of Discord and Midjourney. Those listed twice occur more often. */
export const discordFaults: [string, Fault][] = [
  ['gateway dropped, resumable', ({ stage }) => stage.midjourney.dropGateway({ resumable: true })],
  // What the account has under way is looked for in the channel's history then.
  ['new gateway session', ({ stage }) => stage.midjourney.dropGateway({ resumable: false })],
  ['new gateway session', ({ stage }) => stage.midjourney.dropGateway({ resumable: false })],
  [
    'gateway down for a while',
    ({ stage, random }) =>
      stage.midjourney.dropGateway({ resumable: false, downMs: random.between(0, 2_000) }),
  ],
  // What is drawn for long makes each reading of the history begin long before it.
  [
    'slow drawing',
    ({ stage, random }) =>
      stage.midjourney.fault({ kind: 'slow', drawMs: random.between(3_000, 9_000), times: 1, match: {} }),
  ],
  [
    'slow drawing',
    ({ stage, random }) =>
      stage.midjourney.fault({ kind: 'slow', drawMs: random.between(3_000, 9_000), times: 1, match: {} }),
  ],
  [
    'event missed',
    ({ stage, random }) => stage.midjourney.fault({ kind: 'miss', times: random.between(1, 3), match: {} }),
  ],
  [
    'final message missed',
    ({ stage }) =>
      stage.midjourney.fault({
        kind: 'miss',
        times: 1,
        match: { event: 'MESSAGE_CREATE', contentContains: '(fast)' },
      }),
  ],
  [
    'event delayed',
    ({ stage, random }) =>
      stage.midjourney.fault({
        kind: 'delay',
        ms: random.between(500, 6_000),
        times: random.between(1, 4),
        match: {},
      }),
  ],
  [
    'event twice',
    ({ stage, random }) =>
      stage.midjourney.fault({ kind: 'duplicate', times: random.between(1, 6), match: {} }),
  ],
  [
    'events out of order',
    ({ stage, random }) =>
      stage.midjourney.fault({ kind: 'reorder', times: random.between(1, 4), match: {} }),
  ],
  [
    'Discord 429',
    ({ stage, random }) =>
      stage.midjourney.fault({
        kind: 'rate_limit',
        retryAfter: 1,
        global: random.chance(0.3),
        times: 1,
        match: interactions,
      }),
  ],
  [
    'Discord 5xx',
    ({ stage, random }) =>
      stage.midjourney.fault({
        kind: 'status',
        status: random.pick([500, 502, 503]),
        times: random.between(1, 2),
        match: interactions,
      }),
  ],
  [
    'connection reset before',
    ({ stage }) => stage.midjourney.fault({ kind: 'reset_before', times: 1, match: interactions }),
  ],
  [
    'connection reset after',
    ({ stage }) => stage.midjourney.fault({ kind: 'reset_after', times: 1, match: interactions }),
  ],
  [
    'no answer, taken',
    ({ stage }) =>
      stage.midjourney.fault({ kind: 'no_answer', afterEffect: true, times: 1, match: interactions }),
  ],
  [
    'no answer, not taken',
    ({ stage }) =>
      stage.midjourney.fault({ kind: 'no_answer', afterEffect: false, times: 1, match: interactions }),
  ],
  ['never started', ({ stage }) => stage.midjourney.fault({ kind: 'never_start', times: 1, match: {} })],
  // The task waits, and is sent again.
  [
    'asked to slow down',
    ({ stage, random }) => {
      const time = Math.floor(Date.now() / 1_000) + random.between(1, 4);
      const description = `You can request another one <t:${time}:R>`;
      return stage.midjourney.fault({
        kind: 'refuse',
        notice: 'slow_down',
        description,
        times: 1,
        match: {},
      });
    },
  ],
  [
    'queue full',
    ({ stage }) =>
      stage.midjourney.fault({ kind: 'refuse', as: 'answer', title: 'Queue full', times: 1, match: {} }),
  ],
  // For all to see, and without a nonce.
  [
    'refused in a reply',
    ({ stage }) =>
      stage.midjourney.fault({ kind: 'refuse', as: 'reply', notice: 'output_filtered', times: 1, match: {} }),
  ],
  [
    'refused by an edit',
    ({ stage }) =>
      stage.midjourney.fault({
        kind: 'refuse',
        as: 'edit',
        title: 'Invalid link',
        description: 'Could not fetch image. Received status code 403.',
        times: 1,
        match: {},
      }),
  ],
  ['stopped midway', ({ stage }) => stage.midjourney.fault({ kind: 'stop_midway', times: 1, match: {} })],
  // So slow between its steps that it is given up. Its slot is taken, and its picture comes late.
  [
    'given up, drawn late',
    ({ stage, random }) =>
      stage.midjourney.fault({ kind: 'slow', drawMs: random.between(33_000, 36_000), times: 1, match: {} }),
  ],
  ['removed midway', ({ stage }) => stage.midjourney.fault({ kind: 'delete_midway', times: 1, match: {} })],
];
