import { describe, expect, it } from 'vitest';
import { type TaskStatus, taskStatuses } from './statuses.ts';
import { aTask } from './task.fixture.ts';
import { type TaskEvent, transition } from './transition.ts';

const now = new Date('2026-01-02T03:04:05.678Z');
const result = {
  messageId: '1',
  messageFlags: 0,
  messageHash: 'hash',
  imageUrl: 'https://cdn.example/1.png',
  mediaType: 'image/png',
  width: 1024,
  height: 1024,
  buttons: [],
  texts: null,
};
const retryAt = new Date('2026-01-02T03:05:00.000Z');
const events: Record<TaskEvent['type'], TaskEvent> = {
  waiting: { type: 'waiting', reason: 'Another one reads alike.' },
  sending: {
    type: 'sending',
    account: 'default',
    fence: 1,
    nonce: '42',
    formerNonce: null,
    sentAfterMessageId: '41',
    exclusiveKey: 'blend',
  },
  not_sent: { type: 'not_sent', nonce: '42' },
  postponed: { type: 'postponed', nonce: '42', reason: 'Queue full', retryAt },
  submitted: { type: 'submitted' },
  identified: { type: 'identified', interactionId: '43' },
  started: { type: 'started', progressMessageId: '7' },
  progressed: { type: 'progressed', progressMessageId: '7', progress: 31 },
  succeeded: { type: 'succeeded', result },
  failed: { type: 'failed', code: 'stopped', reason: 'Midjourney stopped.' },
  picture_stored: { type: 'picture_stored', copy: { imageFile: 'picture.png', durationMs: null } },
  cancel_requested: { type: 'cancel_requested' },
  claimed: { type: 'claimed' },
  job_ended: { type: 'job_ended' },
};

/** The status after each event; null: nothing changes. */
const table: Record<TaskEvent['type'], Record<TaskStatus, TaskStatus | null>> = {
  waiting: { queued: null, submitted: null, running: null, succeeded: null, failed: null },
  sending: { queued: 'queued', submitted: null, running: null, succeeded: null, failed: null },
  not_sent: { queued: 'queued', submitted: 'queued', running: null, succeeded: null, failed: null },
  postponed: { queued: 'queued', submitted: 'queued', running: 'queued', succeeded: null, failed: null },
  submitted: { queued: 'submitted', submitted: null, running: null, succeeded: null, failed: null },
  identified: { queued: 'queued', submitted: 'submitted', running: 'running', succeeded: null, failed: null },
  started: { queued: null, submitted: 'running', running: null, succeeded: null, failed: null },
  progressed: { queued: null, submitted: 'running', running: 'running', succeeded: null, failed: null },
  succeeded: {
    queued: null,
    submitted: 'succeeded',
    running: 'succeeded',
    succeeded: null,
    failed: 'failed',
  },
  failed: { queued: 'failed', submitted: 'failed', running: 'failed', succeeded: null, failed: null },
  picture_stored: { queued: null, submitted: null, running: null, succeeded: null, failed: null },
  cancel_requested: {
    queued: 'queued',
    submitted: 'submitted',
    running: 'running',
    succeeded: null,
    failed: null,
  },
  claimed: { queued: null, submitted: null, running: null, succeeded: null, failed: null },
  job_ended: { queued: null, submitted: null, running: null, succeeded: null, failed: 'failed' },
};

describe('transition', () => {
  const cases = Object.values(events).flatMap((event) => taskStatuses.map((status) => ({ event, status })));
  it.each(cases)('$event.type on a $status task', ({ event, status }) => {
    const task = aTask({ status, nonce: '42' });
    const change = transition(task, event, now);
    const expected = table[event.type][status];
    expect(change && { ...task, ...change }.status).toBe(expected);
  });

  it('counts each try to send it and remembers its nonce', () => {
    expect(transition(aTask({ sendAttempts: 1 }), events.sending, now)).toEqual({
      waitReason: null,
      retryAt: null,
      account: 'default',
      nonce: '42',
      sendAttempts: 2,
      sentAt: now,
      sentAfterMessageId: '41',
      exclusiveKey: 'blend',
      interactionId: null,
    });
  });

  it('lets one of two workers send it, and each again what it sent itself', () => {
    expect(transition(aTask({ nonce: '42' }), events.sending, now)).toMatchObject({ nonce: '42' });
    expect(transition(aTask({ nonce: '41' }), events.sending, now)).toBeNull();
    const again = { ...events.sending, formerNonce: '41' } as TaskEvent;
    expect(transition(aTask({ nonce: '41' }), again, now)).toMatchObject({ nonce: '42' });
    expect(transition(aTask(), again, now)).toBeNull();
  });

  it('notes once why it waits at a worker, until it is sent', () => {
    const waitReason = 'Another one reads alike.';
    expect(transition(aTask(), events.waiting, now)).toEqual({ waitReason });
    expect(transition(aTask({ waitReason }), events.waiting, now)).toBeNull();
    expect(transition(aTask({ waitReason }), events.sending, now)).toMatchObject({ waitReason: null });
  });

  it('frees a drawing that was definitely not sent for any account, but not a follow-up', () => {
    const drawing = aTask({ nonce: '42', account: 'default' });
    const unsent = {
      status: 'queued',
      nonce: null,
      sentAt: null,
      submittedAt: null,
      progressMessageId: null,
      previewUrl: null,
      exclusiveKey: null,
      interactionId: null,
    };
    expect(transition(drawing, events.not_sent, now)).toEqual({ ...unsent, account: null });
    // Another worker sends it with a nonce of its own by now.
    expect(transition({ ...drawing, nonce: '43' }, events.not_sent, now)).toBeNull();
    const action = {
      kind: 'button' as const,
      messageId: '1',
      messageFlags: 0,
      customId: 'MJ::JOB::reroll::0::h::SOLO',
    };
    expect(transition({ ...drawing, action }, events.not_sent, now)).toEqual(unsent);
    const show = { kind: 'show' as const, jobId: 'h' };
    const known = transition({ ...drawing, action: show }, events.not_sent, now);
    expect(known).toEqual(unsent);
  });

  it('has what Midjourney does not take now wait, and forgets the attempt', () => {
    const sent = aTask({
      status: 'running',
      nonce: '42',
      account: 'default',
      startedAt: now,
      progressMessageId: '7',
      jobId: 'job',
    });
    const postponed = transition(sent, events.postponed, now);
    const forgotten = { nonce: null, account: null, startedAt: null, progressMessageId: null, jobId: null };
    expect(postponed).toMatchObject({
      ...forgotten,
      waitReason: 'Queue full',
      retryAt,
      postponedAt: now,
    });
    const since = new Date('2026-01-02T03:00:00.000Z');
    expect(transition({ ...sent, postponedAt: since }, events.postponed, now)).toMatchObject({
      postponedAt: since,
    });
    // It was seen being drawn, or another worker has sent it.
    expect(transition({ ...sent, progress: 1 }, events.postponed, now)).toBeNull();
    expect(transition({ ...sent, nonce: '43' }, events.postponed, now)).toBeNull();
    const cancelled = transition({ ...sent, cancelRequestedAt: now }, events.postponed, now);
    expect(cancelled).toMatchObject({ status: 'failed', failCode: 'cancelled' });
  });

  it('takes progress only when it grew', () => {
    const running = aTask({ status: 'running', progress: 31 });
    expect(transition(running, events.progressed, now)).toBeNull();
    expect(transition({ ...running, progress: 30 }, events.progressed, now)).toMatchObject({
      progress: 31,
      progressedAt: now,
    });
  });

  it('finishes with the result, the time and all of the progress', () => {
    expect(transition(aTask({ status: 'submitted' }), events.succeeded, now)).toEqual({
      status: 'succeeded',
      progress: 100,
      startedAt: now,
      finishedAt: now,
      jobEndedAt: now,
      previewUrl: null,
      exclusiveKey: null,
      resultMessageId: result.messageId,
      ...result,
      imageFile: null,
      imageCopy: 'waiting',
    });
  });

  it('knows whether the picture was stored before, has to be stored, or is none', () => {
    const running = aTask({ status: 'running' });
    const copy = (event: TaskEvent) => {
      const { imageFile, imageCopy, durationMs } = { ...running, ...transition(running, event, now) };
      return [imageFile, imageCopy, durationMs];
    };
    expect(copy(events.succeeded)).toEqual([null, 'waiting', null]);
    expect(
      copy({ type: 'succeeded', result, copy: { imageFile: 'picture.png', durationMs: 5_000 } }),
    ).toEqual(['picture.png', 'stored', 5_000]);
    expect(copy({ type: 'succeeded', result: { ...result, imageUrl: null } })).toEqual([null, null, null]);
  });

  it('stores the picture of an ended task once, the late one of a failed task too', () => {
    const stored = { imageFile: 'picture.png', imageCopy: 'stored', durationMs: null };
    const done = aTask({ status: 'succeeded', imageUrl: result.imageUrl, imageCopy: 'waiting' });
    expect(transition(done, events.picture_stored, now)).toEqual(stored);
    expect(transition(aTask({ ...done, imageFile: 'other.png' }), events.picture_stored, now)).toBeNull();
    const late = aTask({ status: 'failed', lateResult: result, imageCopy: 'waiting' });
    expect(transition(late, events.picture_stored, now)).toEqual(stored);
  });

  it('makes a claimed late picture the result of its task, once', () => {
    const failed = { status: 'failed', failCode: 'timeout', failReason: 'Too late.', progress: 62 } as const;
    const late = aTask({ ...failed, lateResult: result, imageFile: 'picture.png', imageCopy: 'stored' });
    const change = transition(late, events.claimed, now);
    expect(change).toEqual({
      ...result,
      status: 'succeeded',
      progress: 100,
      failCode: null,
      failReason: null,
      failDetail: null,
      finishedAt: now,
    });
    expect(transition({ ...late, ...change }, events.claimed, now)).toBeNull();
  });

  describe('a task that is no longer wanted', () => {
    const cancelled = {
      status: 'failed',
      failCode: 'cancelled',
      failReason: 'Cancelled as requested.',
      finishedAt: now,
    };

    it('ends at once while it waits', () => {
      expect(transition(aTask(), events.cancel_requested, now)).toEqual(cancelled);
    });

    it('fails as released when that is what its owner asked for', () => {
      const release: TaskEvent = { type: 'cancel_requested', code: 'released' };
      expect(transition(aTask(), release, now)).toMatchObject({ failCode: 'released' });
      const sent = aTask({ status: 'running', nonce: '42' });
      expect(transition(sent, release, now)).toEqual({ cancelRequestedAt: now });
    });

    it('is noted once it may be at Midjourney, and ends when Midjourney stopped', () => {
      const sent = aTask({ status: 'running', nonce: '42' });
      expect(transition(sent, events.cancel_requested, now)).toEqual({ cancelRequestedAt: now });
      const noted = { ...sent, cancelRequestedAt: now };
      expect(transition(noted, events.cancel_requested, now)).toBeNull();
      expect(transition(noted, events.failed, now)).toEqual({
        ...cancelled,
        previewUrl: null,
        exclusiveKey: null,
      });
      const banned: TaskEvent = { type: 'failed', code: 'banned', reason: 'Banned prompt' };
      expect(transition(noted, banned, now)).toMatchObject({ failCode: 'banned' });
      expect(transition(noted, events.succeeded, now)).toMatchObject({ status: 'succeeded' });
    });

    it('ends when it turns out that Discord never got it', () => {
      const sending = aTask({ nonce: '42', cancelRequestedAt: now });
      expect(transition(sending, events.not_sent, now)).toMatchObject(cancelled);
    });
  });

  it('fails with a code, a reason for its client and a detail for operators', () => {
    const failed = { ...events.failed, detail: 'Account default.' };
    expect(transition(aTask({ status: 'running' }), failed, now)).toEqual({
      status: 'failed',
      failCode: 'stopped',
      failReason: 'Midjourney stopped.',
      failDetail: 'Account default.',
      finishedAt: now,
      previewUrl: null,
      exclusiveKey: null,
    });
  });

  it('knows of a failed task whether Midjourney has anything of it under way', () => {
    const running = aTask({ status: 'running', jobId: null });
    const failed: TaskEvent = {
      type: 'failed',
      code: 'rejected',
      reason: 'no',
      jobEnded: true,
      jobId: 'job',
    };
    expect(transition(running, failed, now)).toMatchObject({ jobEndedAt: now, jobId: 'job' });
    const givenUp = aTask({ status: 'failed', jobEndedAt: null });
    expect(transition(givenUp, events.job_ended, now)).toEqual({ jobEndedAt: now });
    expect(transition({ ...givenUp, jobEndedAt: now }, events.job_ended, now)).toBeNull();
  });

  it('keeps the first id of a job', () => {
    const started: TaskEvent = { type: 'started', progressMessageId: '7', jobId: 'job' };
    expect(transition(aTask({ status: 'submitted' }), started, now)).toMatchObject({ jobId: 'job' });
    const known = aTask({ status: 'submitted', jobId: 'first' });
    expect({ ...known, ...transition(known, started, now) }.jobId).toBe('first');
  });
});
