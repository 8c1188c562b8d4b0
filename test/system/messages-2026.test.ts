import { accounts } from '@midjourney-api/shared/database/schema';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import samples from '../fixtures/messages-2026.json' with { type: 'json' };
import { resume, shownAccount } from './account.ts';
import { type CheckHost, openCheckHost } from './check-host.ts';
import type { Client } from './client.ts';
import { passTime } from './pass-time.ts';
import { pictureWithButtons, playSample, type Sample } from './sample-player.ts';
import { SimulatorControl } from './simulator-control.ts';
import { type System, startSystem } from './system.ts';
import { until } from './until.ts';

/**
 * Messages and answers captured in 2026, played to the whole service. `--reporter=verbose` shows what became of each.
 */

const sessions = {
  bot: {},
  user: { DISCORD_SESSION: 'user', DISCORD_BOT_TOKEN: '' },
};

describe.each(Object.entries(sessions))('heard by a %s session', (session, env) => {
  let system: System;
  let client: Client;
  let midjourney: SimulatorControl;
  let checkHost: CheckHost;

  beforeAll(async () => {
    checkHost = await openCheckHost();
    // What waits keeps its slot. Nothing here is noticed by a deadline.
    system = await startSystem({
      concurrency: 20,
      env: { ...env, START_DEADLINE_MS: '600000', DISCORDSAYS_URL: checkHost.url },
    });
    // The forms of the samples open in it.
    await system.db.update(accounts).set({ remix: true });
    client = await system.newUser(1_000);
    midjourney = new SimulatorControl(system.simulator.controlUrl);
  });
  afterAll(async () => {
    await system.stop();
    await checkHost.close();
  });
  afterEach(async () => {
    await midjourney.clearReplies();
    if ((await account())?.state !== 'ready') await resume(system);
  });

  const account = () => shownAccount(system);

  async function release(triggerId: string) {
    await client.request('POST', '/queue/release', { trigger_id: triggerId });
  }

  /** Waits until the account is stopped and its task waits for another one. @returns what is known of the account. */
  async function stopped(id: string) {
    await until('the account is stopped', async () => (await account())?.state !== 'ready');
    await until('its task waits', async () => (await client.task(id)).status === 'queued');
    const shown = await account();
    await release(id);
    return shown;
  }

  const stateOf: Record<string, string> = {
    account_unavailable: 'refused',
    verification_required: 'verification_required',
  };

  it.for(samples.messages.filter((sample) => sample.session === session))(
    '$kind',
    async (sample, context) => {
      const { expect: label } = sample;
      if (label.task === 'form') await answerForm(sample);
      if (label.task === 'later') await drawMeanwhile();
      const id = await playSample(sample, client, midjourney);
      if (label.account) {
        const shown = await stopped(id);
        expect(shown?.state).toBe(stateOf[label.code ?? '']);
        if (label.link) expect(checkHost.asked).toEqual([expect.stringMatching(/^\/captcha\/api\/c\//)]);
        await context.annotate(`account ${shown?.state}, the task waits: ${shown?.reason}`);
        return;
      }
      if (label.task === 'waits') {
        await until('Discord took it', async () => (await client.task(id)).status !== 'queued');
        // Whatever came for it has come before this one's picture.
        await client.run('/imagine', { prompt: 'another one' });
        const task = await client.task(id);
        expect(['submitted', 'running']).toContain(task.status);
        expect((await account())?.state).toBe('ready');
        await release(id);
        await context.annotate(`waits (${task.status}), the account is ready`);
        return;
      }
      if (label.task === 'later') {
        const { queue, created_at, retry_at } = await until('it waits for its time', async () => {
          const shown = await client.task(id);
          return shown.retry_at !== undefined && shown;
        });
        await drawPress(sample);
        await passTime(system, id);
        expect(await client.ended(id)).toMatchObject({ status: 'succeeded', token: 'spent' });
        await context.annotate(`sent ${created_at}, again ${retry_at}: ${queue?.reason}`);
        return;
      }
      const task = await client.ended(id);
      expect(task).toMatchObject(outcomeOf(sample));
      expect((await account())?.state).toBe('ready');
      await context.annotate(summaryOf(task));
    },
  );

  function outcomeOf({ expect: label, job }: Sample): object {
    switch (label.task) {
      case 'refused':
        return { status: 'failed', fail_code: label.code, token: 'refunded' };
      case 'described':
        return { status: 'succeeded', texts: expect.arrayContaining([expect.any(String)]), token: 'spent' };
      default:
        return { status: 'succeeded', token: 'spent', ...(job && { msg_hash: job }) };
    }
  }

  /** Something else, whose end lets an account continue whose queue was full. */
  async function drawMeanwhile() {
    await midjourney.fault({ kind: 'slow', drawMs: 3_000, times: 1, match: { kind: 'imagine' } });
    const id = await client.submit('/imagine', { prompt: 'drawn meanwhile' });
    await until('it is drawn', async () => (await client.task(id)).status === 'running');
  }

  /** A button that no picture of the simulator's has is answered the second time with a picture. */
  async function drawPress({ task: { action } }: Sample) {
    if (action.kind !== 'button') return;
    const d = {
      type: 19,
      content: '**what has these buttons** - Upscaled (Subtle) by <@{user}> (fast)',
      attachments: [{ filename: 'u_8b5aa072-26f3-4902-a2e2-f76f2db12270.webp' }],
      message_reference: { message_id: '{message}' },
    };
    await midjourney.replyWith({ match: { customId: `^${action.customId}$` }, events: [{ d }] });
  }

  /** What the form asked for is drawn. */
  async function answerForm({ expect: { fields = [] } }: Sample) {
    const [form = ''] = fields[0]?.split('::new_prompt') ?? [];
    await midjourney.replyWith({
      match: { modal: `^${form}::`, promptContains: 'new words' },
      events: [
        {
          d: {
            content: '**new words** - Variations (Strong) by <@{user}> (fast)',
            attachments: [{ filename: 'u_8b5aa072-26f3-4902-a2e2-f76f2db12270.webp' }],
            interaction_metadata: {
              id: '{interaction}',
              type: 5,
              user: { id: '{user}' },
              triggering_interaction_metadata: { id: '{opener}', type: 3, user: { id: '{user}' } },
            },
          },
        },
      ],
    });
  }

  // A bot's session would want the task's marker in the text.
  const contents = session === 'user' ? samples.contents : [];
  it.for(contents)('content: $kind', async ({ content, userId, status, progress }, context) => {
    const isDone = status === 'done';
    const attachments = isDone ? [{ filename: 'u_7b5aa072-26f3-4902-a2e2-f76f2db12270.webp' }] : [];
    const d = { content: content.replaceAll(`<@${userId}>`, '<@{user}>'), nonce: '{nonce}', attachments };
    await midjourney.replyWith({ match: { command: 'imagine' }, events: [{ d }] });
    const id = await client.submit('/imagine', { prompt: 'read from its text' });
    const task = await until('it is read', async () => {
      const shown = await client.task(id);
      return (
        shown.status === (isDone ? 'succeeded' : 'running') && shown.progress >= (progress ?? 0) && shown
      );
    });
    expect(task.progress).toBe(isDone ? 100 : (progress ?? 0));
    if (!isDone) await release(id);
    await context.annotate(`${task.status}, ${task.progress} %`);
  });

  const cancels = session === 'user' ? ['is cancelled'] : [];
  it.each(cancels)('a drawing that only the user sees %s', async () => {
    const customId = 'MJ::CancelJob::ByJobid::6b5aa072-26f3-4902-a2e2-f76f2db12270';
    const components = [
      { type: 1, components: [{ type: 2, style: 2, label: 'Cancel Job', custom_id: customId }] },
    ];
    const waiting = { content: '**{prompt}** - <@{user}> (Waiting to start)', nonce: '{nonce}', flags: 64 };
    await midjourney.replyWith({
      match: { command: 'imagine' },
      events: [{ d: { ...waiting, components } }],
    });
    const content = '**softly moderated** - <@{user}> (Stopped)';
    await midjourney.replyWith({
      match: { customId: '^MJ::CancelJob' },
      events: [{ t: 'MESSAGE_UPDATE', d: { id: '{message}', content, components: [], flags: 64 } }],
    });
    const id = await client.submit('/imagine', { prompt: 'softly moderated' });
    await until('it is drawn', async () => (await client.task(id)).status === 'running');
    await client.request('POST', '/cancel', { trigger_id: id });
    expect(await client.ended(id)).toMatchObject({ fail_code: 'cancelled', token: 'refunded' });
  });

  it.for(samples.buttons)('buttons: $kind', async ({ components, expect: label }, context) => {
    const task = await pictureWithButtons(components, client, midjourney);
    for (const [customId, action] of Object.entries(label.actions))
      expect(task.buttons).toContainEqual(expect.objectContaining({ custom_id: customId, action }));
    await context.annotate(`succeeded, ${task.buttons.length} buttons`);
  });

  it.for(samples.rest)('what Discord answers: $kind', async ({ status, body, expect: label }, context) => {
    const headers = { 'retry-after': '1' };
    await midjourney.replyWith({ match: { command: 'imagine' }, status, body, headers });
    const id = await client.submit('/imagine', { prompt: 'answered by Discord' });
    if (label.account) {
      const shown = await stopped(id);
      expect(shown?.state).toBe(stateOf[label.account]);
      await context.annotate(`account ${shown?.state}, the task waits: ${shown?.reason}`);
      return;
    }
    const task = await client.succeeded(id);
    await context.annotate(summaryOf(task));
  });
});

function summaryOf({ status, fail_code, fail_reason, media_type, texts, msg_hash }: TaskView): string {
  if (status === 'failed') return `failed ${fail_code}: ${fail_reason}`;
  return texts ? `succeeded, ${texts.length} texts` : `succeeded, ${media_type} of job ${msg_hash}`;
}
