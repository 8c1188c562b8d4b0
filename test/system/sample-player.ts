import { randomUUID } from 'node:crypto';
import type { TaskView } from '@midjourney-api/shared/tasks/views/task-schema';
import samples from '../fixtures/messages-2026.json' with { type: 'json' };
import type { Client } from './client.ts';
import type { RawEvent, SimulatorControl } from './simulator-control.ts';

export type Sample = (typeof samples.messages)[number];

const bytes = new Blob([
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
]);

/**
 * Submits what a captured sample is about, and has the simulator answer it with the sample's events. Ids of the
 * sample become those of the interaction and new ones, and its files are served by the simulator.
 * @returns the id of the task.
 */
export async function playSample(
  { task, events: captured, expect: label }: Sample,
  client: Client,
  midjourney: SimulatorControl,
): Promise<string> {
  const { action } = task;
  const events = label.task === 'later' ? withTimeAhead(captured, label.retryAt) : captured;
  switch (action.kind) {
    case 'button': {
      const { customId = '', prompt, messageId = '' } = action;
      const { trigger_id } = await pictureWithButtons(
        [{ components: [button(customId)] }],
        client,
        midjourney,
      );
      await midjourney.replyWith({
        match: { customId: `^${customId}$` },
        events: played(events, { [messageId]: '{message}', [task.nonce]: '{nonce}' }),
      });
      return client.submit('/action', { trigger_id, custom_id: customId, ...(prompt && { prompt }) });
    }
    case 'describe': {
      const uploadFilename = await upload(client);
      const name = uploadFilename.split('/').at(-1) ?? '';
      await midjourney.replyWith({
        match: { command: 'describe' },
        events: played(events, { 'fox.png': name, [task.nonce]: '{nonce}' }),
      });
      return client.submit('/describe', { upload_filename: uploadFilename });
    }
    default: {
      await midjourney.replyWith({
        match: { command: action.kind },
        events: played(events, { [task.nonce]: '{nonce}' }),
      });
      const asked = action.kind === 'show' ? { job_id: randomUUID() } : { prompt: action.prompt };
      return client.submit(`/${action.kind}`, asked);
    }
  }
}

/** A finished drawing under which these components are. */
export async function pictureWithButtons(
  components: readonly object[],
  client: Client,
  midjourney: SimulatorControl,
): Promise<TaskView> {
  await midjourney.replyWith({
    match: { command: 'imagine' },
    events: [
      {
        d: {
          content: '**{prompt}** - <@{user}> (fast)',
          attachments: [{ filename: 'u_9b5aa072-26f3-4902-a2e2-f76f2db12270.webp' }],
          components: components.map((row) => ({ type: 1, ...row })),
        },
      },
    ],
  });
  return client.run('/imagine', { prompt: 'what has these buttons' });
}

function button(customId: string) {
  return { type: 2, style: 2, label: 'a button', custom_id: customId };
}

async function upload(client: Client): Promise<string> {
  const form = new FormData();
  form.append('file', bytes, 'fox.png');
  const answer = await client.request<{ upload_filename: string }>('POST', '/upload', form);
  return answer.body.upload_filename;
}

/** The time at which Midjourney wants it again lies ahead, as it did for those who captured it. */
function withTimeAhead(events: Sample['events'], retryAt: number | undefined): Sample['events'] {
  const inTenMinutes = String(Math.floor(Date.now() / 1_000) + 600);
  return retryAt ? JSON.parse(JSON.stringify(events).replaceAll(String(retryAt), inTenMinutes)) : events;
}

/** The events as the simulator takes them. What Discord itself sends about an interaction is its own. */
function played(events: Sample['events'], replaced: Record<string, string>): RawEvent[] {
  const interaction = events.find(({ t }) => t === 'INTERACTION_CREATE')?.d.id;
  const names: Record<string, string> = {
    ...replaced,
    ...(interaction && { [interaction]: '{interaction}' }),
    '900000000000000348': '{user}',
  };
  const shown = events
    .filter(({ t }) => t !== 'INTERACTION_CREATE')
    .map(({ t, d }) => ({ t, d: { ...d, ...served(d), channel_id: undefined, guild_id: undefined } }));
  for (const { d } of shown) if (d.id && !(d.id in names)) names[d.id] = `{new:${d.id}}`;
  const text = Object.entries(names).reduce(
    (json, [from, to]) => json.replaceAll(from, to),
    JSON.stringify(shown).replaceAll('1234567890', '1111111111'),
  );
  return JSON.parse(text);
}

function served(d: Sample['events'][number]['d']) {
  if (!('attachments' in d) || !d.attachments) return {};
  return { attachments: d.attachments.map(({ filename }) => ({ filename, width: 64, height: 64 })) };
}
