import type { TaskAction } from '@midjourney-api/shared/tasks/task';
import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import type { GatewayDispatchPayload } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import samples from '../../../test/fixtures/messages-2026.json' with { type: 'json' };
import { readDispatch } from '../discord/channel-event.ts';
import { aMessage } from '../discord/message.fixture.ts';
import { type DiscordMessage, readMessage } from '../discord/message.ts';
import { parseContent } from '../midjourney/parse-content.ts';
import { readSignal } from '../midjourney/signal.ts';
import { createActiveTask } from '../tasks/active-task.ts';
import { driftIn } from './drift-in.ts';

const job = '6b5aa072-26f3-4902-a2e2-f76f2db12270';
const message = aMessage({ id: '1500000000000000002' });
const about = createActiveTask(
  aTask({
    prompt: 'a violet fox, sleeping --v 8.1',
    nonce: '1500000000000000000',
    sentAfterMessageId: '1500000000000000001',
  }),
);

const said = (different: Partial<DiscordMessage>, task: typeof about | null = about) =>
  driftIn({ message: { ...message, ...different }, about: task ?? undefined, session: 'user' }).map(
    ({ kind, shape }) => `${kind}: ${shape}`,
  );
const withButton = (customId: string): Pick<DiscordMessage, 'components'> =>
  ({
    components: [{ type: 1, components: [{ type: 2, style: 2, custom_id: customId, label: 'x' }] }],
  }) as never;

describe('driftIn', () => {
  it.each<[Partial<DiscordMessage>, string[]]>([
    [withButton(`MJ::JOB::upsample::1::${job}`), []],
    [withButton(`MJ::Sculpt::v9_2x::3::${job}::SOLO`), ['button: MJ::Sculpt::v9_2x::#::{job}::SOLO']],
    [withButton('MJ::Sculpt::aB3-_9xQ::fox'), ['button: MJ::Sculpt::*::*']],
    [
      { embeds: [{ title: 'Moonbeam required', description: 'violet' }] },
      ['titled embed: Moonbeam required'],
    ],
    [{ embeds: [{ title: 'Violet is not moonlight' }] }, ['titled embed: xx is not xx']],
    [
      { embeds: [{ description: 'Your moonbeam for "a fox" is full' }] },
      ['untitled embed: Your xx for "x xx" is full'],
    ],
    [{ content: 'Error 7: sleeping queue' }, ['plain text: Error 7: xx queue']],
    [
      { content: '**a violet fox** became art for <@12345678> (fast)' },
      ['content: **x xx** xx for <@900000000000000348> (fast)'],
    ],
    [
      { content: '**a violet fox** - Dreamt by <@12345678> (fast)' },
      ['content: **x xx** - xx by <@900000000000000348> (fast)'],
    ],
    [
      { content: '**a violet fox** - <@12345678> (ludicrous)' },
      ['content: **x xx** - <@900000000000000348> (xx)'],
    ],
    [{ content: '**a violet fox** - <@12345678> (fast)' }, []],
    [{ content: 'Displaying...' }, []],
    [{ embeds: [{ title: 'Banned prompt detected', description: 'violet' }] }, []],
    [
      { components: [{ type: 17, components: [{ type: 10, content: 'violet' }] }] as never },
      ['component: type 17', 'component: type 17 > 10'],
    ],
  ])('%j', (different, expected) => {
    expect(said(different)).toEqual(expected);
  });

  it('of what is about no task it looks at no text', () => {
    const embeds = [{ title: 'Moonbeam required' }];
    expect(said({ embeds, content: 'Hello there', ...withButton('MJ::Sculpt::1') }, null)).toEqual([
      'button: MJ::Sculpt::#',
    ]);
  });
});

describe('a sample', () => {
  const unknown = { type: 99 } as never;
  const cases = samples.messages.flatMap((sample) => {
    const marked = JSON.stringify(sample.events).replaceAll('{marker}', '<#123456789012345#>');
    const dispatches = JSON.parse(marked) as GatewayDispatchPayload[];
    const messages = dispatches
      .flatMap((dispatch) => readDispatch(dispatch, '1384158875657175166'))
      .flatMap((event) => (event.type === 'message' ? [event.message] : []));
    return messages.map((each, at) => ({
      kind: `${sample.kind}, ${sample.session}, ${at}`,
      sample,
      message: each,
    }));
  });

  it.each(cases)('keeps what is read of $kind', ({ sample, message: original }) => {
    const task = createActiveTask(
      aTask({ action: sample.task.action as TaskAction, nonce: sample.task.nonce, prompt: 'a cat' }),
    );
    const drifted = { ...original, components: [...(original.components ?? []), unknown] };
    const [drift] = driftIn({ message: drifted, about: task, session: 'user' });
    const shown = JSON.parse(JSON.stringify(drift?.sample));
    const redacted = readMessage({ ...shown.events.at(-1).d, channel_id: '1' });
    if (!redacted) throw new Error('The sample is no message.');
    expect(readSignal(redacted).type).toBe(readSignal(drifted).type);
    const { prompt: _, userId, jobId, ...read } = parseContent(redacted.content) ?? {};
    const { prompt: __, userId: user, jobId: jobBefore, ...before } = parseContent(original.content) ?? {};
    expect(read).toEqual(before);
    expect([!userId, !jobId]).toEqual([!user, !jobBefore]);
  });
});
