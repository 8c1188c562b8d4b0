import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { finishedGrid, sent } from '../../../api/src/testing/open-test-api.ts';
import type { MidjourneyClient } from '../create-client.ts';
import type { Mishap, SeenRequest } from '../testing/bad-line.ts';
import { openService, type Service } from '../testing/open-service.ts';
import type { TaskHandle } from './task-handle.ts';

const progress = (percent: number) =>
  ({ type: 'progressed', progressMessageId: '5', progress: percent }) as const;
const rejected = { type: 'failed', code: 'rejected', reason: 'Invalid prompt' } as const;

let service: Service;
let mj: MidjourneyClient;
let task: TaskHandle;
beforeAll(async () => {
  service = await openService();
});
afterAll(() => service.close());
beforeEach(async () => {
  mj = await service.client();
  service.line.always(() => undefined);
  task = await mj.imagine({ prompt: 'a lighthouse' });
  service.line.requests.length = 0;
});

const isForEvents = ({ path }: SeenRequest) => path.endsWith('/events');
const asked = () => service.line.requests.map(({ path }) => path.replace(/^.*\/task\/\d+/, ''));

/** Lets a task run its course, each step once the one before it was seen. */
async function followCourse(followed: TaskHandle): Promise<string[]> {
  const course = [...sent().map((event) => [event]), [progress(31)], [progress(62)], [finishedGrid()]];
  const seen: string[] = [];
  for await (const now of followed.follow()) {
    seen.push(`${now.status} ${now.progress}`);
    const steps = now.status === 'queued' ? course.splice(0, 2) : course.splice(0, 1);
    await service.api.happen(followed.id, ...steps.flat());
  }
  return seen;
}

const wholeCourse = ['queued 0', 'submitted 0', 'running 31', 'running 62', 'succeeded 100'];

describe('a followed task', () => {
  test('is seen as it is, then with each change, until it has ended, by one stream of events', async () => {
    expect(await followCourse(task)).toEqual(wholeCourse);
    expect(asked()).toEqual(['/events']);
    expect(task.task).toMatchObject({ status: 'succeeded', buttons: expect.anything() });
  });

  test('that has ended already is seen as it is', async () => {
    await service.api.happen(task.id, rejected);
    expect(await followCourse(mj.task(task.id))).toEqual(['failed 0']);
    expect(asked()).toEqual(['/events']);
  });

  test.each<[how: string, mishap: Mishap]>([
    ['are not there', { status: 404, body: 'Not Found' }],
    [
      'are answered with a page',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Hello</p>' },
    ],
    ['are dropped', 'dropped'],
    ['never come', 'silence'],
  ])('is seen whole by waiting for its changes where the events %s', async (_how, mishap) => {
    service.line.always((request) => (isForEvents(request) ? mishap : undefined));
    mj = await service.client({ patienceMs: 300 });
    expect(await followCourse(await mj.imagine({ prompt: 'a lighthouse' }))).toEqual(wholeCourse);
    expect(asked()).toContain('?wait=30');
  });

  test('is seen whole although each stream breaks, and continues where it was', async () => {
    service.line.always((request) => (isForEvents(request) ? 'cut' : undefined));
    expect(await followCourse(task)).toEqual(wholeCourse);
    const lastIds = service.line.requests.filter(isForEvents).map(({ headers }) => headers['last-event-id']);
    expect(lastIds[0]).toBeUndefined();
    expect(lastIds[1]).toBe('1');
  });

  test('of somebody else is not there', async () => {
    const stranger = await service.client();
    await expect(stranger.task(task.id).done()).rejects.toMatchObject({ code: 'not_found', status: 404 });
  });

  test('of somebody else is followed by an operator as its owner follows it', async () => {
    const operator = await service.api.client(crypto.randomUUID(), 0, 'operator');
    mj = await service.client({ appKey: operator.appKey });
    expect(await followCourse(mj.task(task.id))).toEqual(wholeCourse);
    expect(asked()).toEqual(['/events']);
  });

  test('is no longer listened to when the loop is left', async () => {
    for await (const now of task.follow()) if (now.status === 'queued') break;
    await expect.poll(() => service.line.open()).toBe(0);
  });

  test('ends with the reason when it is aborted', async () => {
    const stop = new AbortController();
    const following = (async () => {
      for await (const now of task.follow({ signal: stop.signal }))
        if (now.status === 'queued') stop.abort(new Error('The shop has closed.'));
    })();
    await expect(following).rejects.toThrow('The shop has closed.');
  });
});
