import { createLogger } from '@midjourney-api/shared/logging/logger';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { type Simulator, startSimulator } from '@midjourney-api/simulator/simulator';
import { DiscordUser, Listener } from '@midjourney-api/simulator/testing/discord-user';
import type { GatewayDispatchPayload } from 'discord-api-types/v10';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import { type ChannelEvent, readDispatch } from '../discord/channel-event.ts';
import { aDiscordAccount } from '../discord/discord-account.fixture.ts';
import type { DiscordAccount } from '../discord/discord-account.ts';
import { createDiscordRest } from '../discord/rest/discord-rest.ts';
import { openSession } from '../discord/session.ts';
import { sampleUserId } from '../drift/redact.ts';
import { createWorkerMetrics } from '../metrics.ts';
import { jobOfMessage } from '../midjourney/evidence.ts';
import { matchMessage } from '../midjourney/match.ts';
import { readSignal } from '../midjourney/signal.ts';
import { createActiveTask, receive } from '../tasks/active-task.ts';
import { recordAccount } from './record-account.ts';
import type { Received } from './redact-recording.ts';

const log = createLogger('test', 'silent');
/** As the samples of test/fixtures/messages-2026.json have it. */
const channel = { channel_id: '1384158875657175166', guild_id: '1384158875657175000' };
const taskId = '1767322800000123' as TaskId;
const prompt = `<#${taskId}#>a zeppelin over Quuxville`;

const simulators: Simulator[] = [];
let simulator: Simulator;
let person: DiscordUser;
beforeEach(async () => {
  simulator = await newSimulator();
  person = new DiscordUser(simulator);
});
afterEach(() => Promise.all(simulators.splice(0).map((each) => each.close())));

async function newSimulator() {
  const started = await startSimulator({ drawMs: 60, imageSize: 64, lazyPictures: true });
  simulators.push(started);
  return started;
}

function accountOf({ account }: DiscordUser, session: 'bot' | 'user'): DiscordAccount {
  return aDiscordAccount({ ...account, session, ...(session === 'user' && { botToken: null }) });
}
const restOf = (account: DiscordAccount, { apiUrl }: Simulator) =>
  createDiscordRest(apiUrl, account, createWorkerMetrics('test'), { onAccountRefused: () => {} });

/** Records while something happens. */
async function recording(session: 'bot' | 'user', happen: () => Promise<void>): Promise<Received[]> {
  const enough = new AbortController();
  const account = accountOf(person, session);
  return recordAccount({
    account,
    rest: restOf(account, simulator),
    signal: enough.signal,
    onListening: () => void happen().finally(() => enough.abort()),
    log,
  });
}

/** Has a picture drawn, and its second one picked; somebody talks meanwhile. */
async function drawAndPick(): Promise<void> {
  const listener = await Listener.identified(simulator, person.account.botToken);
  await person.post(`/channels/${person.account.channelId}/messages`, { content: 'a word of Quuxville' });
  await person.press(await drawn(listener), 'upsample::2');
  await listener.message(({ content }) => content.includes('Image #2'));
  await listener.end();
}

async function draw(): Promise<void> {
  const listener = await Listener.identified(simulator, person.account.botToken);
  await drawn(listener);
  await listener.end();
}

async function drawn(listener: Listener) {
  await person.imagine(prompt);
  return listener.message(({ components }) =>
    components.some((row) => row.components.some(({ custom_id }) => custom_id?.includes('upsample::2'))),
  );
}

const signalsOf = (events: ChannelEvent[]) =>
  events.flatMap((event) => (event.type === 'message' ? readSignal(event.message).type : []));

it.each(['bot', 'user'] as const)(
  'what a %s’s session receives is recorded without a trace of anybody',
  async (session) => {
    const received = await recording(session, drawAndPick);
    const text = JSON.stringify(received);
    const { userToken, botToken, userId, guildId, channelId } = person.account;
    for (const secret of [
      userToken,
      botToken,
      userId,
      guildId,
      channelId,
      'painter',
      'zeppelin',
      'uuxville',
      '127.0.0.1',
    ])
      expect(text).not.toContain(secret);
    expect(received[0]).toMatchObject({ get: '/channels/{id}/messages', status: 200 });
    if (session === 'user') expect(text).toContain('"name":"imagine"');
    const types = received.flatMap((each) => ('t' in each ? each.t : []));
    expect(types).toEqual(expect.arrayContaining(['MESSAGE_CREATE', 'MESSAGE_UPDATE', 'MESSAGE_DELETE']));
  },
);

it('is read as the original is, in the form of the samples', async () => {
  const received = await recording('bot', draw);
  const events = received.flatMap((each) =>
    't' in each ? [{ t: each.t, d: { ...channel, ...(each.d as object) } }] : [],
  );
  const marked = JSON.stringify(events).replaceAll('{marker}', `<#${taskId}#>`);
  const heard = (JSON.parse(marked) as GatewayDispatchPayload[]).flatMap((event) =>
    readDispatch(event, channel.channel_id),
  );
  const task = createActiveTask(
    aTask({ id: taskId, status: 'submitted', nonce: '1', sentAfterMessageId: '0' }),
  );
  const signals: string[] = [];
  for (const event of heard) {
    if (event.type !== 'message' || !matchMessage(event.message, [task], { ownUserId: sampleUserId }))
      continue;
    const signal = readSignal(event.message);
    receive(task, signal, event.message, jobOfMessage(event.message));
    signals.push(signal.type);
  }
  expect(signals[0]).toBe('started');
  expect(signals.filter((type) => type === 'finished')).toHaveLength(1);
});

it('is played again by a simulator, and heard as it was', async () => {
  const received = await recording('bot', drawAndPick);
  const recorded = received.flatMap((each) =>
    't' in each
      ? readDispatch(
          { t: each.t, d: { ...channel, ...(each.d as object) } } as GatewayDispatchPayload,
          channel.channel_id,
        )
      : [],
  );
  const other = await newSimulator();
  const somebody = new DiscordUser(other);
  const account = accountOf(somebody, 'bot');
  const heard: ChannelEvent[] = [];
  const session = await new Promise<ReturnType<typeof openSession>>((resolve, reject) => {
    const opened = openSession(
      restOf(account, other),
      account,
      { event: (event) => heard.push(event), ready: () => resolve(opened), away: () => {}, refused: reject },
      log,
    );
  });
  for (const each of received)
    if ('t' in each) await somebody.control('POST', '/messages', { t: each.t, d: each.d });
  await eventually(() => expect(heard).toHaveLength(recorded.length));
  expect(signalsOf(heard)).toEqual(signalsOf(recorded));
  expect(heard.map(({ type }) => type)).toEqual(recorded.map(({ type }) => type));
  await session.close();
});

it('says why Discord does not let it in', async () => {
  await person.control('POST', `/accounts/${person.account.userId}/settings`, { contentIntent: false });
  await expect(recording('bot', async () => {})).rejects.toThrow('Message Content intent');
});
