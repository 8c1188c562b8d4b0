import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import { standingIn } from '@midjourney-api/shared/accounts/standing';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import type { ResultEvent } from '@midjourney-api/shared/results/result-event';
import type { Task } from '@midjourney-api/shared/tasks/task';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { SnowflakeUtil } from 'discord.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aMessage } from '../../discord/message.fixture.ts';
import type { DiscordMessage } from '../../discord/message.ts';
import type { SendOutcome } from '../../discord/rest/send-outcome.ts';
import type { DriftedMessage } from '../../drift/drift-in.ts';
import { createWorkerMetrics } from '../../metrics.ts';
import { botIds } from '../../midjourney/bots.ts';
import { markPrompt } from '../../midjourney/marker.ts';
import { type ActiveTask, createActiveTask, mayBeDrawn } from '../../tasks/active-task.ts';
import { GivenUpTasks } from '../../tasks/given-up.ts';
import { Pace } from '../permits/pace.ts';
import { Slots } from '../permits/slots.ts';
import { Questions } from '../questions/questions.ts';
import { Seeds } from '../questions/seeds.ts';
import { Hearing } from './hearing.ts';
import { AccountStanding } from './standing.ts';

const log = createLogger('test', 'silent');
const job = 'aaaaaaaa-aaaa-4aaa-8aaa-aaaaaaaaaaaa';
const hour = 3_600_000;
const ownUserId = '100000000000000001';
const settled = () => new Promise((resolve) => setImmediate(resolve));

let hearing: Hearing;
let active: Map<TaskId, ActiveTask>;
let givenUp: GivenUpTasks;
let questions: Questions;
let standing: AccountStanding;
let standsSince: Date;
let checkLink: string | undefined;
let slots: Slots;
/** What was committed of tasks, delivered, and sent to Discord. */
let noted: string[];
let delivered: ResultEvent[];
let interactions: Record<string, unknown>[];
let metrics: ReturnType<typeof createWorkerMetrics>;
/** What was looked at for something new, and the task that it is about. */
let looked: [string, TaskId | undefined][];
const drift = {
  message: ({ message, about }: DriftedMessage) => void looked.push([message.id, about?.task.id]),
};

const record = {
  change: async (task: Task, event: { type: string }) => {
    noted.push(event.type);
    return { task, applied: true };
  },
  note: (_task: Task, event: { type: string }) => void noted.push(event.type),
};

const user = {
  account: {
    name: 'default',
    guildId: '1',
    channelId: '2',
    userToken: Buffer.from(ownUserId).toString('base64'),
    botToken: 'bot',
    session: 'bot' as const,
    concurrency: 3,
    speed: null,
    weight: 1,
    pacing: unpaced,
    proxy: null,
  },
  bots: botIds,
  rest: {
    interact: async (interaction: Record<string, unknown>): Promise<SendOutcome> => {
      interactions.push(interaction);
      return { type: 'taken' };
    },
  },
  commands: {
    find: async (name: string) => ({ id: '1', version: '2', name, application_id: '3' }),
    forget: () => {},
  },
  sessionId: async () => 'session',
};

beforeEach(() => {
  noted = [];
  looked = [];
  delivered = [];
  interactions = [];
  active = new Map();
  questions = new Questions();
  slots = new Slots({ pictures: 3, videos: null, pace: new Pace(unpaced) });
  metrics = createWorkerMetrics('test');
  standing = new AccountStanding(standingIn('connecting'), log);
  standsSince = new Date(0);
  checkLink = undefined;
  givenUp = new GivenUpTasks({
    deadlines: { startMs: hour, progressMs: hour, totalMs: hour },
    record,
    delivery: {
      attempt: async () => {},
      insist: async (event) => {
        delivered.push(event);
        return { status: 'failed', applied: true };
      },
    },
    stopping: new AbortController().signal,
    log,
  });
  hearing = newHearing();
});
afterEach(() => givenUp.clear());

function newHearing(): Hearing {
  return new Hearing({
    user,
    active,
    givenUp,
    questions,
    seeds: new Seeds({ react: async () => true }),
    standing,
    standsSince,
    record,
    findCheckLink: async () => checkLink,
    drift,
    metrics,
    log,
  });
}

/** A task that is at Midjourney, and follows or does not follow what is heard of it. */
function sent(id: string, different: Partial<Task> = {}): ActiveTask {
  const task = aTask({
    id: id as TaskId,
    status: 'submitted',
    nonce: `7${id}`,
    sentAfterMessageId: '1000',
    sentAt: new Date(),
    ...different,
  });
  return createActiveTask(task, {
    slot: slots.occupy({ work: 'picture', speed: null }),
    releaseKey: () => noted.push('key released'),
  });
}
function followed(id: string, different: Partial<Task> = {}): ActiveTask {
  const task = sent(id, different);
  active.set(task.task.id, task);
  return task;
}
const press = {
  kind: 'button' as const,
  messageId: '500',
  messageFlags: 0,
  customId: 'MJ::JOB::variation::1::a',
};

const first = '10000000001';
const second = '20000000002';

const message = (id: string, content: string, different: Partial<DiscordMessage> = {}) =>
  aMessage({ id, content, channelId: '2', authorId: botIds.midjourney, ...different });
const textOf = (id: string) => `**${markPrompt('a cat', id as TaskId)}** - <@100000000000000001>`;
const progress = (id: string, messageId = '2000') => message(messageId, `${textOf(id)} (50%) (fast)`);
const picture = (id: string, messageId = '3000') =>
  message(messageId, `${textOf(id)} (fast)`, {
    attachments: [
      { id: '1', filename: `cat_${job}.png`, size: 1, url: 'https://cdn.example/cat.png', proxy_url: 'x' },
    ],
  });
/** An answer to /imagine that says nothing yet, nor for which prompt it is. */
const deferred = (different: Partial<DiscordMessage['interaction']> = {}) =>
  message('2000', '', {
    interaction: {
      id: '9',
      openedBy: null,
      messageId: null,
      firstAnswerId: null,
      command: 'imagine',
      userId: ownUserId,
      ...different,
    },
  });
const hear = (...messages: DiscordMessage[]) => {
  for (const each of messages) hearing.event({ type: 'message', message: each });
};
async function heardBy({ inbox }: ActiveTask): Promise<string[]> {
  const types: string[] = [];
  while (!inbox.isEmpty) types.push((await inbox.take(0, new AbortController().signal))?.type ?? '');
  return types;
}
const unmatched = async () => (await metrics.unmatchedMessages.get()).values[0]?.value ?? 0;

describe('a message', () => {
  it('goes to the task that it is about', async () => {
    const [one, two] = [followed(first), followed(second)];
    hear(progress(second), picture(second));
    expect(await heardBy(one)).toEqual([]);
    expect(await heardBy(two)).toEqual(['progressed', 'finished']);
  });

  it('is looked at for what is new, with its task if it has one', () => {
    followed(first);
    hear(progress(first), message('2002', 'Hello there'));
    expect(looked).toEqual([
      ['2000', first],
      ['2002', undefined],
    ]);
  });

  it('of anybody but Midjourney goes to none', async () => {
    const one = followed(first);
    hear({ ...picture(first), authorId: '99' });
    expect(await heardBy(one)).toEqual([]);
    expect(await unmatched()).toBe(0);
  });

  it('that ends a job gives its slot to the next one, before the outcome is committed', () => {
    followed(first);
    hear(progress(first));
    expect(slots.used).toBe(1);
    hear(picture(first));
    expect(slots.used).toBe(0);
  });

  it('of a task that has ended is not taken for that of one which reads alike, when it is read again', async () => {
    const one = followed(first, { action: press });
    const shown = message('2000', '**a cat** - Variations (Strong) by <@100000000000000001> (50%) (fast)', {
      referencedMessageId: '500',
    });
    hear(shown);
    expect(await heardBy(one)).toEqual(['progressed']);
    active.clear();
    hearing.ended(one);
    const two = followed(second, { action: press });
    hear(shown);
    expect(await heardBy(two)).toEqual([]);
  });

  it('that may be about a task, but fits no single one, is a sign that the task arrived', async () => {
    const tasks = [followed(first, { action: press }), followed(second, { action: press })];
    hear(
      message('2000', '**a cat** - Variations (Strong) by <@100000000000000001> (50%) (fast)', {
        referencedMessageId: '500',
      }),
    );
    expect(tasks.map(({ possibleMessages }) => [...possibleMessages])).toEqual([
      [['2000', 'progressed']],
      [['2000', 'progressed']],
    ]);
    expect(tasks.map(mayBeDrawn)).toEqual([true, true]);
    expect(await unmatched()).toBe(1);
  });

  it.each<[string, () => void]>([
    ['becomes a refusal', () => hear({ ...deferred(), embeds: [{ title: 'Invalid prompt' }] })],
    ['is deleted', () => hearing.event({ type: 'deleted', messageId: '2000' })],
  ])('that may be about several tasks and %s is no sign that they are drawn', async (_what, happens) => {
    const tasks = [followed(first), followed(second)];
    hear(deferred());
    expect(tasks.map(mayBeDrawn)).toEqual([true, true]);
    happens();
    expect(tasks.map(mayBeDrawn)).toEqual([false, false]);
    // They arrived all the same.
    expect(tasks.map(({ possibleMessages }) => possibleMessages.size)).toEqual([1, 1]);
  });

  it('to another user of the channel is no sign of anything', async () => {
    const one = followed(first);
    hear(deferred({ userId: '6' }));
    expect(one.possibleMessages.size).toBe(0);
  });

  const blend: Task['action'] = { kind: 'blend', uploadFilenames: ['x/1.png', 'x/2.png'], ratio: '1:1' };
  const ofBlend = (id: string, state = '') =>
    message(id, `**<https://s.mj.run/x>** - <@100000000000000001> ${state}(fast)`, {
      attachments: [
        { id: '1', filename: `x_${job}.png`, size: 1, url: 'https://cdn.example/x.png', proxy_url: '' },
      ],
    });

  it('of a job that an ended task has shown is not the first one of a task that reads alike', async () => {
    const one = followed(first, { action: blend });
    hear(ofBlend('2000'));
    expect(await heardBy(one)).toEqual(['finished']);
    active.clear();
    hearing.ended(one);
    const two = followed(second, { action: blend });
    hear(ofBlend('2001'));
    expect(await heardBy(two)).toEqual([]);
  });

  it('of a job that a person had begun by hand before a task was sent is not the task’s', async () => {
    hear(ofBlend('2000', '(31%) '));
    const one = followed(first, { action: blend, sentAfterMessageId: '2000' });
    hear(ofBlend('2001'));
    expect(await heardBy(one)).toEqual([]);
  });

  it('of a job does not end it by the preview of a link in its prompt, which reads like a description', async () => {
    const one = followed(first);
    const image = { url: 'https://social.example/1.png' };
    hear({ ...progress(first), embeds: [{ description: '1️⃣ a cat', image }] });
    expect(await heardBy(one)).toEqual(['progressed']);
  });

  it('that answers a question is no task’s', async () => {
    const answer = questions.ask('info', user, new AbortController().signal);
    await settled();
    const nonce = String(interactions[0]?.nonce);
    hear(message('2000', '', { nonce, embeds: [{ description: 'the answer' }] }));
    expect((await answer).embeds[0]?.description).toBe('the answer');
    expect(await unmatched()).toBe(0);
  });

  it.each([
    ['Blocked', 'You have been blocked for 1 hour.', true],
    ['Slow Down!', 'Try again later.', false],
  ])('that refuses a question is no answer to it: %s', async (title, description, stops) => {
    const answer = questions.ask('info', user, new AbortController().signal);
    await settled();
    const nonce = String(interactions[0]?.nonce);
    hear(message('2000', '', { nonce, embeds: [{ title, description }] }));
    await expect(answer).rejects.toThrow(`${title}: ${description}`);
    expect(standing.isRefused).toBe(stops);
  });

  it('makes a task that its client cancelled press the cancel button, as soon as one shows the job', async () => {
    const one = followed(first, { cancelRequestedAt: new Date() });
    const row = { type: 1, components: [{ type: 2, custom_id: `MJ::CancelJob::ByJobid::${job}` }] };
    hear({ ...progress(first), components: [row] as DiscordMessage['components'] });
    await settled();
    expect(interactions).toMatchObject([
      { message_id: '2000', data: { custom_id: `MJ::CancelJob::ByJobid::${job}` } },
    ]);
    expect(one.cancelSent).toBe(true);
  });
});

describe('a deleted message', () => {
  it('says that its task vanished', async () => {
    const one = followed(first);
    hear(progress(first));
    hearing.event({ type: 'deleted', messageId: '2000' });
    expect(await heardBy(one)).toEqual(['progressed', 'vanished']);
  });

  it('says that the job of a task that was given up has ended: its slot is free', () => {
    const late = sent(first, { progressMessageId: '2000' });
    givenUp.add(late, { isThere: true });
    expect(slots.used).toBe(1);
    hearing.event({ type: 'deleted', messageId: '2000' });
    expect([slots.used, noted]).toEqual([0, ['key released', 'job_ended']]);
  });
});

describe('an interaction', () => {
  it('that Discord names lets the next task go whose messages read alike, once that is committed', async () => {
    const one = followed(first, { action: press });
    hearing.event({ type: 'interaction', nonce: `7${first}`, interactionId: '77' });
    await settled();
    expect(one.interactionId).toBe('77');
    expect(await heardBy(one)).toEqual(['taken']);
    expect(noted).toEqual(['identified', 'key released']);
  });

  it('that failed, and a form, go to the task that sent it', async () => {
    const [one, two] = [followed(first), followed(second)];
    hearing.event({ type: 'interaction failed', nonce: `7${second}` });
    const modal = { interactionId: '1', customId: 'form', title: 'Remix', fields: [] };
    hearing.event({ type: 'modal', nonce: `7${first}`, modal });
    hearing.event({ type: 'modal', nonce: '5', modal });
    expect(await heardBy(one)).toEqual(['modal']);
    expect(await heardBy(two)).toEqual(['unanswered']);
  });
});

describe('a task that was given up', () => {
  it('gets its picture as a late result, which is nobody else’s', async () => {
    const next = followed(second);
    givenUp.add(sent(first), { isThere: true });
    hear(picture(first));
    await settled();
    expect(delivered).toMatchObject([{ trigger_id: first, type: 'end' }]);
    expect(await heardBy(next)).toEqual([]);
    expect([...givenUp.tasks()]).toEqual([]);
  });

  it('has ended when the history, read after a new session began, holds nothing of it', () => {
    givenUp.add(sent(first, { progressMessageId: '2000' }), { isThere: true });
    givenUp.add(sent(second, { progressMessageId: '2001' }), { isThere: true });
    expect(hearing.missedSince()).toBe('1000');
    hear(progress(second, '2001'));
    hearing.upToDate({ resumed: false });
    expect(slots.used).toBe(1);
  });

  it('may still be drawn when the session was only resumed', () => {
    givenUp.add(sent(first, { progressMessageId: '2000' }), { isThere: true });
    hearing.upToDate({ resumed: true });
    expect(slots.used).toBe(1);
  });
});

describe('the account', () => {
  it('is ready while the session listens and has caught up', () => {
    hearing.upToDate({ resumed: false });
    expect(standing.isReady).toBe(true);
    hearing.away();
    expect(standing.isReady).toBe(false);
  });

  it('is refused when Midjourney says so in private, also when that is about no task', () => {
    hear(message('2000', '', { flags: 64, embeds: [{ title: 'Blocked', description: 'You are blocked.' }] }));
    expect(standing.isRefused).toBe(true);
  });

  it('is refused by what the whole channel sees, when it answers its user, not when it answers another', () => {
    const blocked = { embeds: [{ title: 'Blocked', description: 'You are blocked.' }] };
    const answers = (userId: string) => ({
      id: '1',
      userId,
      command: null,
      firstAnswerId: null,
      messageId: null,
      openedBy: null,
    });
    hear(message('2000', '', { ...blocked, interaction: answers('99') }));
    expect(standing.isRefused).toBe(false);
    hear(message('2001', '', { ...blocked, interaction: answers(ownUserId) }));
    expect(standing.refusal?.cause).toBe('blocked');
  });

  it('is not refused again by what was said before an operator resumed it', () => {
    const blocked = { flags: 64, embeds: [{ title: 'Blocked', description: 'You are blocked.' }] };
    standsSince = new Date();
    hearing = newHearing();
    const at = (ms: number) => SnowflakeUtil.generate({ timestamp: standsSince.getTime() + ms }).toString();
    hear(message(at(-1_000), '', blocked));
    expect(standing.isRefused).toBe(false);
    hear(message(at(1_000), '', blocked));
    expect(standing.isRefused).toBe(true);
  });

  it('has a link for a person during a human check, which is asked for once', async () => {
    const page = {
      type: 'web page',
      nonce: null,
      title: 'Action required to continue',
      customId: 'MJ::iframe::a',
      applicationId: '1',
    } as const;
    const links: (string | null)[] = [];
    standing.onChange(({ checkLink }) => links.push(checkLink));
    checkLink = 'https://check.example/1';
    hearing.event(page);
    checkLink = 'https://check.example/2';
    hearing.event(page);
    await settled();
    expect(links).toEqual([null, 'https://check.example/1']);
  });

  it('is refused when nothing was heard of three tasks in a row, of several clients and prompts', () => {
    const silent = [1, 2, 3].map((n) => sent(String(n), { userId: n, prompt: String(n) }));
    for (const [at, task] of silent.entries()) {
      expect(standing.isRefused).toBe(false);
      hearing.heardNothing({ ...task, task: { ...task.task, sentAt: new Date(Date.now() + at + 1) } });
    }
    expect(standing.isRefused).toBe(true);
  });

  it('is not silent where an earlier session sent the tasks', () => {
    for (const n of [1, 2, 3]) {
      hearing.heardNothing(
        sent(String(n), { userId: n, prompt: String(n), sentAt: new Date(Date.now() - 1_000) }),
      );
    }
    expect(standing.isRefused).toBe(false);
  });
});
