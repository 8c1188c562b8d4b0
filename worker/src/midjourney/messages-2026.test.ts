import { createServer, type Server } from 'node:http';
import { unpaced } from '@midjourney-api/shared/accounts/account.fixture';
import { failCodeFor } from '@midjourney-api/shared/accounts/refusal-causes';
import { readButtons } from '@midjourney-api/shared/midjourney/buttons';
import { jobIdOf } from '@midjourney-api/shared/midjourney/job-id';
import type { ResultEvent } from '@midjourney-api/shared/results/result-event';
import type { TaskAction } from '@midjourney-api/shared/tasks/task';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { SnowflakeUtil } from 'discord.js';
import type { GatewayDispatchPayload } from 'discord-api-types/v10';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { eventually } from '../../../test/eventually.ts';
import samples from '../../../test/fixtures/messages-2026.json' with { type: 'json' };
import { listen } from '../../../test/listen.ts';
import { type ChannelEvent, type Modal, readDispatch } from '../discord/channel-event.ts';
import { isEphemeral } from '../discord/message.ts';
import { createDiscordRest } from '../discord/rest/discord-rest.ts';
import { createWorkerMetrics } from '../metrics.ts';
import { type ActiveTask, createActiveTask, receive } from '../tasks/active-task.ts';
import { followTask } from '../tasks/follow.ts';
import { Postponed } from '../tasks/postpone.ts';
import { jobOfMessage } from './evidence.ts';
import { checkAddress } from './human-check.ts';
import { matchMessage } from './match.ts';
import { parseContent } from './parse-content.ts';
import { refusalOfWebPage } from './refusal.ts';
import { readSignal } from './signal.ts';

describe('contents', () => {
  it.each(samples.contents)('$kind', ({ kind, source, provenance, content, ...expected }) => {
    expect(parseContent(content)).toEqual(expected);
  });
});

type Sample = (typeof samples.messages)[number];
const taskId = '123456789012345' as TaskId;

/** The words of a prompt as messages repeat it, behind the marker and before the parameters. */
const promptWords = /(?<=^[^*\n]*\*\*(?:<#\d+#>)?)[^*]*?(?=(?: --[^*]*)?\*\* - )/;

/**
 * What the session sees: a bot's neither what is private, nor nonces, nor what becomes of interactions.
 * @param more is added to the prompt wherever a message repeats it
 */
function seen({ session, events }: Sample, more: string): ChannelEvent[] {
  const marked = JSON.stringify(events).replaceAll('{marker}', `<#${taskId}#>`);
  const dispatches: GatewayDispatchPayload[] = JSON.parse(marked, (key, value) =>
    key === 'content' ? value.replace(promptWords, (words: string) => words + more) : value,
  );
  const channelId = '1384158875657175166';
  const visible = dispatches.flatMap((dispatch) => readDispatch(dispatch, channelId));
  if (session === 'user') return visible;
  return visible.flatMap((event): ChannelEvent[] => {
    if (event.type === 'deleted') return [event];
    if (event.type !== 'message' || isEphemeral(event.message)) return [];
    return [{ ...event, message: { ...event.message, nonce: null } }];
  });
}

function finalMessage({ events }: Sample): string | undefined {
  return events.findLast(({ d }) => 'attachments' in d && d.attachments?.length)?.d.id;
}

/** When a block ends, or when the refused may be tried again, in milliseconds since 1970. */
function endOfBlock({ events, expect: { retryAt, blockedForSeconds } }: Sample): number | undefined {
  if (retryAt) return retryAt * 1_000;
  if (!blockedForSeconds) return undefined;
  return SnowflakeUtil.timestampFrom(events.at(-1)?.d.id ?? '') + blockedForSeconds * 1_000;
}

/** Other tasks that the account has at Midjourney meanwhile: nothing of the sample is theirs. */
function others({ task }: Sample): ActiveTask[] {
  const action = task.action as TaskAction;
  const press = (id: string, customId: string, messageId: string) =>
    createActiveTask(
      aTask({ id: id as TaskId, action: { kind: 'button', customId, messageId, messageFlags: 0 } }),
    );
  const more = [
    createActiveTask(aTask({ id: '223456789012345' as TaskId })),
    press('323456789012345', 'MJ::JOB::upsample::1::x', '77'),
  ];
  if (action.kind !== 'button') return more;
  return [...more, press('423456789012345', 'MJ::JOB::pan_up::1::x::SOLO', action.messageId)];
}

/** Plays a sample to a task as its account's session does. @returns what becomes of task and account. */
async function play(sample: Sample, morePrompt = '') {
  const task = aTask({
    id: taskId,
    action: sample.task.action as TaskAction,
    status: 'submitted',
    submittedAt: new Date(),
    nonce: sample.task.nonce,
    sentAfterMessageId: sample.task.sentAfterMessageId,
  });
  const active = createActiveTask(task);
  const rest = others(sample);
  const delivered: ResultEvent[] = [];
  const forms: Modal[] = [];
  const accountRefused = vi.fn();
  const giveBack = vi.fn(async () => {});
  const postpone = vi.fn(async () => {
    throw new Postponed(new Date());
  });
  /** What is said beside: when a block ends, where a person can help. */
  const hints: { until?: Date | undefined; check?: string | undefined } = {};
  const stopping = new AbortController();
  const outcome = followTask(
    active,
    {
      delivery: {
        attempt: async () => {},
        insist: async (event) => {
          delivered.push(event);
          return { status: 'failed', applied: true };
        },
      },
      deadlines: { startMs: 60_000, progressMs: 300_000, totalMs: 1_800_000 },
      readHistory: async () => {},
      answerModal: async (modal) => void forms.push(modal),
      sendRegion: async () => undefined,
      cancel: () => {},
      accountRefused,
      silenceReason: 'Nothing was heard.',
      giveBack,
      postpone,
      now: Date.now,
    },
    stopping.signal,
  ).catch((error) => (error instanceof Postponed ? ('later' as const) : ('waits' as const)));
  let isOver = false;
  outcome.then(() => {
    isOver = true;
  });

  for (const event of seen(sample, morePrompt)) {
    switch (event.type) {
      case 'message': {
        const { message } = event;
        const match = matchMessage(message, [active, ...rest]);
        const signal = readSignal(message);
        if (match) receive(match, signal, message, jobOfMessage(message));
        if (signal.type === 'refused') hints.until = signal.until;
        break;
      }
      case 'deleted':
        if (active.progressMessageId === event.messageId) active.inbox.put({ type: 'vanished' });
        break;
      case 'interaction':
        if (event.nonce !== active.nonce) break;
        active.interactionId = event.interactionId;
        active.inbox.put({ type: 'taken' });
        break;
      case 'interaction failed':
        active.inbox.put({ type: 'unanswered' });
        break;
      case 'modal':
        active.inbox.put(event);
        break;
      case 'web page': {
        const { code, reason, account } = refusalOfWebPage(event);
        hints.check = checkAddress(event, { DISCORDSAYS_URL: 'https://{application}.discordsays.com' });
        if (account) accountRefused(account);
        active.inbox.put({ type: 'web page', code, reason, account });
      }
    }
  }
  await eventually(() => expect(isOver || active.inbox.isEmpty).toBe(true));
  // What has been taken from the inbox is delivered before anything else is waited for.
  await new Promise(setImmediate);
  stopping.abort();
  return { outcome: await outcome, delivered, forms, accountRefused, giveBack, rest, hints };
}

describe('messages', () => {
  it.each(samples.messages.map((sample) => ({ ...sample, sample })))(
    '$kind, heard by a $session session',
    async ({ sample }) => {
      const { expect: label } = sample;
      const { outcome, delivered, forms, accountRefused, giveBack, rest, hints } = await play(sample);
      const [event] = delivered;
      switch (label.task) {
        case 'finished':
          expect(event).toMatchObject({ type: 'end', id: finalMessage(sample) });
          expect(event && jobIdOf(event)).toBe(sample.job);
          break;
        case 'described':
          expect(event?.type).toBe('text');
          break;
        case 'refused':
          // What an account is refused waits for another one, or for an operator.
          if (label.account) expect(failCodeFor(accountRefused.mock.calls[0]?.[0].cause)).toBe(label.code);
          else expect(event?.fail_code).toBe(label.code);
          expect(accountRefused).toHaveBeenCalledTimes(label.account ? 1 : 0);
          expect(giveBack).toHaveBeenCalledTimes(label.account ? 1 : 0);
          expect(hints.until?.getTime()).toBe(endOfBlock(sample));
          expect(Boolean(hints.check)).toBe(label.link ?? false);
          break;
        case 'form':
          expect(forms.flatMap(({ fields }) => fields.map(({ customId }) => customId))).toEqual(label.fields);
          break;
        case 'later':
          expect(hints.until?.getTime()).toBe(endOfBlock(sample));
          expect(outcome).toBe('later');
          break;
        case 'waits':
          expect(outcome).toBe('waits');
      }
      const ends = !['waits', 'later', 'form'].includes(label.task) && !label.account;
      expect(delivered).toHaveLength(ends ? 1 : 0);
      expect(rest.every(({ inbox }) => inbox.isEmpty)).toBe(true);
    },
  );
});

describe('whatever else is in the prompt, the same becomes of it:', () => {
  const texts = [
    ' (Stopped)',
    '** - <@9> (62%) (fast)',
    '** - Image #3 <@9>',
    ' `code` **bold** ||spoiler|| <@900000000000000348> <#1767322800000999#>',
    '\n\n-# small print\n/imagine x\n1️⃣ one\n2️⃣ two',
    ' 一只猫 🐈‍⬛ cat::2 dog::-0.5',
    ' --no cats, dogs --sref 123 <https://s.mj.run/abc> --p m7262431 --oref <https://s.mj.run/x> --v 9 --exp 20 --hd',
  ];
  it.each(samples.messages.map((sample) => ({ ...sample, sample })))(
    '$kind, heard by a $session session',
    async ({ sample }) => {
      const becomes = async (more?: string) => {
        const { outcome, delivered, accountRefused, rest } = await play(sample, more);
        const ends = delivered.map(({ type, fail_code, id }) => ({ type, fail_code, id }));
        const isMisheard = rest.some(({ inbox }) => !inbox.isEmpty);
        return { outcome, ends, isMisheard, refusals: accountRefused.mock.calls.length };
      };
      const usual = await becomes();
      expect(await Promise.all(texts.map(becomes))).toEqual(texts.map(() => usual));
    },
  );
});

describe('buttons', () => {
  it.each(samples.buttons)('$kind', ({ components, expect: label }) => {
    expect(jobIdOf({ attachments: [], components })).toBe(label.jobId);
    const buttons = readButtons(components);
    for (const [customId, action] of Object.entries(label.actions))
      expect(buttons.find(({ custom_id }) => custom_id === customId)?.action).toBe(action);
  });
});

describe('what Discord answers to an interaction', () => {
  let server: Server;
  let url: string;
  const answers: { status: number; body: unknown }[] = [];

  beforeAll(async () => {
    server = createServer((_request, response) => {
      const answer = answers.shift();
      if (!answer) return response.writeHead(204).end();
      response.writeHead(answer.status, { 'Content-Type': 'application/json', 'Retry-After': '1' });
      response.end(JSON.stringify(answer.body));
    });
    url = `http://127.0.0.1:${await listen(server)}/api`;
  });
  afterAll(() => server.close());

  const expected: Record<string, object> = {
    captcha: { type: 'account refused', refusal: { cause: 'captcha' } },
    'the account must be verified': { type: 'account refused', refusal: { cause: 'forbidden' } },
    'outdated command': { type: 'refused', status: 400, code: 50_035 },
    'rate limit': { type: 'taken' },
  };
  it.each(samples.rest)('$kind', async ({ kind, status, body, expect: label }) => {
    answers.push({ status, body });
    const account = {
      name: 'default',
      guildId: '1',
      channelId: '2',
      userToken: 'user',
      session: 'user' as const,
      botToken: null,
      concurrency: 3,
      speed: null,
      weight: 1,
      pacing: unpaced,
      proxy: null,
    };
    const onAccountRefused = vi.fn();
    const rest = createDiscordRest(url, account, createWorkerMetrics('w'), { onAccountRefused });
    expect(await rest.interact({ type: 2 })).toMatchObject(expected[kind] ?? {});
    expect(onAccountRefused.mock.calls.map(([refusal]) => failCodeFor(refusal.cause))).toEqual(
      label.account ? [label.account] : [],
    );
    expect(answers).toEqual([]);
  });
});
