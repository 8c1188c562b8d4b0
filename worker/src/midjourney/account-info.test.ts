import { expect, it } from 'vitest';
import { readAccountInfo } from './account-info.ts';

it('reads what /info shows, and keeps what it does not know', () => {
  const description = [
    '**User ID**: 1097074882203303911',
    '**Subscription**: Standard (Active monthly, renews next on <t:1700000000>)',
    '**Job Mode**: Fast',
    '**Fast Time Remaining**: 14.23/15.0 hours (94.88%)',
    '',
    '**Queued Jobs (fast)**: 2',
    '**Queued Jobs (relax)**: 0',
    '**Running Jobs**: None',
  ].join('\n');
  expect(readAccountInfo(description)).toEqual({
    subscription: 'Standard (Active monthly, renews next on <t:1700000000>)',
    mode: 'Fast',
    fast_hours_left: 14.23,
    fast_hours_total: 15,
    queued: { fast: 2, relax: 0 },
    running: 0,
    fields: expect.objectContaining({ 'User ID': '1097074882203303911' }),
  });
});

it('says of what is not there that it is not known', () => {
  expect(readAccountInfo('No subscription')).toMatchObject({
    mode: null,
    fast_hours_left: null,
    queued: { fast: null, relax: null },
    running: null,
    fields: {},
  });
});
