import { refusedStanding, standingIn } from '@midjourney-api/shared/accounts/standing';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { expect, test, vi } from 'vitest';
import { until } from '../../../../test/system/until.ts';
import { StandingRecord } from './standing-record.ts';

const log = createLogger('test', 'silent');
const connecting = standingIn('connecting');
const ready = standingIn('ready');
const refused = refusedStanding({ cause: 'blocked', reason: 'blocked', until: null });

/** A store whose next writes fail. */
function openStore({ failures = 0, recorded = connecting } = {}) {
  const written: string[] = [];
  let attempts = 0;
  const record = new StandingRecord({
    recorded,
    write: async ({ state }) => {
      if (attempts++ < failures) throw new Error('the connection was lost');
      written.push(state);
    },
    log,
  });
  return { record, written, attempts: () => attempts };
}

test('a write that failed is repeated', async () => {
  const { record, written } = openStore({ failures: 2 });
  record.set(ready);
  await until('it is written', async () => written.length > 0);
  expect(written).toEqual(['ready']);
});

test('what changed meanwhile is written instead, and never before what it follows', async () => {
  const { record, written } = openStore({ failures: 1 });
  record.set(refused);
  record.set(ready);
  await until('it is written', async () => written.length > 0);
  expect(written).toEqual(['ready']);
  record.set(connecting);
  record.set(ready);
  await until('the last one is written', async () => written.length > 2);
  expect(written).toEqual(['ready', 'connecting', 'ready']);
});

test('a refusal counts once it is written', async () => {
  const { record, written } = openStore({ failures: 1 });
  record.set(refused);
  expect(record.isRefused).toBe(false);
  await until('it is written', async () => written.length > 0);
  await until('it counts', async () => record.isRefused);
});

test('nothing is written once the session has ended', async () => {
  const { record, written, attempts } = openStore({ failures: 1 });
  record.set(refused);
  await until('it failed', async () => attempts() === 1);
  await record.stop();
  record.set(ready);
  expect(attempts()).toBe(1);
  expect(written).toEqual([]);
});

test('a session that does not become ready in time is shown as connecting', async () => {
  const { record, written } = openStore({ recorded: ready });
  record.setUnlessSucceeded(connecting, 1);
  await until('it is written', async () => written.length > 0);
  expect(written).toEqual(['connecting']);
});

test.each(['set', 'stop'] as const)('one that is %s before is not', async (end) => {
  vi.useFakeTimers();
  try {
    const { record, written } = openStore({ recorded: ready });
    record.setUnlessSucceeded(connecting, 10_000);
    await (end === 'set' ? record.set(ready) : record.stop());
    await vi.advanceTimersByTimeAsync(20_000);
    expect(written).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
});
