import { expect, it } from 'vitest';
import { aMessage } from '../discord/message.fixture.ts';
import { readSignal } from './signal.ts';

const button = (customId: string) => ({ type: 1, components: [{ type: 2, style: 2, custom_id: customId }] });
const job = '39d7cf9f-c2f0-4adf-a124-0020fb9f867f';
const cancel = button(`MJ::CancelJob::ByJobid::${job}`);
const pick = button(`MJ::JOB::upsample::1::${job}`);

it.each([
  ['(fast)', [pick], 'finished'],
  ['(fast)', [], 'finished'],
  ['(fast)', [cancel], 'started'],
  ['(31%) (fast)', [], 'progressed'],
  // A note that nobody knows must not make a preview the result.
  ['(Queued)', [], 'started'],
  ['(Queued)', [cancel], 'started'],
  // But it may be the name of a new mode.
  ['(ludicrous)', [pick], 'finished'],
])('a picture with the note %s and the buttons %j: %s', (note, components, expected) => {
  const message = aMessage({
    content: `**cat** - <@5> ${note}`,
    attachments: [
      {
        id: '1',
        filename: `${job}_grid_0.webp`,
        size: 1,
        url: 'https://cdn.example',
        proxy_url: 'https://cdn.example',
      },
    ],
    components: components as never,
  });
  expect(readSignal(message).type).toBe(expected);
});

it.each([
  ['1️⃣ a fox\n\n2️⃣ a cat', { image: { url: 'https://cdn.example/x.png' } }],
  ['1\u20E3 a fox\n\n2\u20E3 a cat', { image: { url: 'https://cdn.example/x.png' } }],
  ['## Shortened prompts\n1️⃣ fox\n2️⃣ x', { title: 'Shortened prompts' }],
  ['## Shortened prompts\n1\u20E3 fox\n2\u20E3 x', { title: 'Shortened prompts' }],
])('numbered texts: %j', (description, more) => {
  expect(readSignal(aMessage({ embeds: [{ description, ...more }] })).type).toBe('described');
});
