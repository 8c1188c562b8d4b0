import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import type { TaskId } from '@midjourney-api/shared/tasks/task-id';
import { describe, expect, it } from 'vitest';
import { aMessage } from '../discord/message.fixture.ts';
import type { DiscordMessage } from '../discord/message.ts';
import type { Candidate } from './candidate.ts';
import { exclusiveKey } from './exclusive-key.ts';
import { matchMessage, mayConcern } from './match.ts';

const uuid = (digit: string) => `${digit.repeat(8)}-aaaa-4aaa-8aaa-${digit.repeat(12)}`;

function drawing(id: string, different: Partial<Candidate> = {}): Candidate {
  return candidate({ ...aTask({ id: id as TaskId }) }, different);
}

function press(
  id: string,
  customId: string,
  messageId = '500',
  different: Partial<Candidate> = {},
): Candidate {
  return candidate(
    aTask({ id: id as TaskId, action: { kind: 'button', messageId, messageFlags: 0, customId } }),
    different,
  );
}

function candidate(task: Candidate['task'], different: Partial<Candidate>): Candidate {
  return {
    task,
    nonce: null,
    interactionId: null,
    sentAfterMessageId: '1000',
    firstMessageId: null,
    progressMessageId: null,
    hash: null,
    started: false,
    ...different,
  };
}

const message = (content: string, different: Partial<DiscordMessage> = {}) =>
  aMessage({ content, ...different });

const answering = (id: string, different: Partial<DiscordMessage['interaction']> = {}) => ({
  id,
  openedBy: null,
  messageId: null,
  firstAnswerId: null,
  command: null,
  userId: null,
  ...different,
});
const picture = (filename: string): DiscordMessage['attachments'] => [
  { id: '1', filename, size: 1, url: `https://cdn.example/${filename}`, proxy_url: 'https://cdn.example' },
];
const refusal = (different: Partial<DiscordMessage>, footer?: string) =>
  message('', {
    embeds: [{ title: 'Invalid parameter', color: 16_711_680, ...(footer && { footer: { text: footer } }) }],
    ...different,
  });

const blending = (id: string, different: Partial<Candidate> = {}) =>
  candidate(
    aTask({
      id: id as TaskId,
      action: { kind: 'blend', uploadFilenames: ['x/1.png', 'x/2.png'], ratio: '3:2' },
    }),
    different,
  );
const describing = (id: string, uploadFilename: string, different: Partial<Candidate> = {}) =>
  candidate(aTask({ id: id as TaskId, action: { kind: 'describe', uploadFilename } }), different);
const describingLink = (id: string, link = 'https://a.example/x.png') =>
  candidate(aTask({ id: id as TaskId, action: { kind: 'describe', link } }), {});
const showing = (id: string, jobId: string) =>
  candidate(aTask({ id: id as TaskId, action: { kind: 'show', jobId } }), { hash: jobId });
const answer = (command: string) => answering('9', { command });
const cancelButton = (
  hash: string,
): DiscordMessage['components'] extends (infer C)[] | undefined ? C : never => ({
  type: 1,
  components: [{ type: 2, style: 2, custom_id: `MJ::CancelJob::ByJobid::${hash}`, label: 'Cancel Job' }],
});

const a = '1111111111111111';
const b = '2222222222222222';
const u = (index: number) => `MJ::JOB::upsample::${index}::${uuid('1')}`;
const v = (index: number) => `MJ::JOB::variation::${index}::${uuid('1')}`;

/** Name, message, open tasks, id of the task that it belongs to. */
const cases: [string, DiscordMessage, Candidate[], string | undefined][] = [
  [
    'two equal prompts: the marker decides',
    message(`**<#${b}#>cat** - <@5> (fast)`),
    [drawing(a), drawing(b)],
    b,
  ],
  [
    'links before the marker',
    message(`**<https://s.mj.run/x> <#${a}#>cat** - <@5> (fast)`),
    [drawing(a), drawing(b)],
    a,
  ],
  [
    'a weighted link before the marker',
    message(`**<https://s.mj.run/x>::2 <#${a}#>cat** - <@5> (fast)`),
    [drawing(a), drawing(b)],
    a,
  ],
  [
    'a drawing in words that are new: the marker decides',
    message(`**<#${b}#>cat --edit <https://s.mj.run/x>** - Edited by <@5> (fast)`),
    [drawing(a), drawing(b)],
    b,
  ],
  [
    'what is made of a picture in words that are new is not that picture',
    message(`**<#${a}#>cat** - Dreamt by <@5> (fast)`, {
      referencedMessageId: '1500',
      attachments: picture(`x_cat_${uuid('3')}.png`),
    }),
    [drawing(a), press(b, u(1), '1500')],
    undefined,
  ],
  ['no marker: nobody, even with one task open', message('**cat** - <@5> (fast)'), [drawing(a)], undefined],
  ['a marker of no open task', message(`**<#${b}#>cat** - <@5> (fast)`), [drawing(a)], undefined],
  [
    'a marker inside the prompt is not ours',
    message(`**cat <#${a}#>** - <@5> (fast)`),
    [drawing(a)],
    undefined,
  ],
  [
    'the nonce is stronger than the marker',
    message(`**<#${a}#>cat** - <@5> (fast)`, { nonce: '7' }),
    [drawing(a), drawing(b, { nonce: '7' })],
    b,
  ],
  [
    'the interaction is stronger than the marker',
    message(`**<#${a}#>cat** - <@5> (fast)`, {
      interaction: answering('9'),
    }),
    [drawing(a), drawing(b, { interactionId: '9' })],
    b,
  ],
  [
    'a form that was sent answers the interaction which opened it, too',
    message(`**<#${a}#>cat** - <@5> (fast)`, { interaction: answering('9', { openedBy: '8' }) }),
    [drawing(a), drawing(b, { interactionId: '8' })],
    b,
  ],
  [
    'a person presses the very same button: the answer to another interaction is not ours',
    message('**cat** - Variations by <@5> (fast)', {
      referencedMessageId: '500',
      interaction: answering('9', { messageId: '500' }),
    }),
    [press(a, v(1), '500', { interactionId: '8' })],
    undefined,
  ],
  [
    'a picture without a marker: the job id that its previews showed',
    message('**cat** - <@5> (fast)', { attachments: picture(`x_cat_${uuid('3')}.png`) }),
    [drawing(a, { hash: uuid('2') }), drawing(b, { hash: uuid('3') })],
    b,
  ],
  [
    'an edit of its own message',
    message('anything', { id: '3000' }),
    [drawing(a, { progressMessageId: '3000' }), drawing(b)],
    a,
  ],
  [
    'a derived picture repeats the marker of the first',
    message(`**<#${a}#>cat** - Variations by <@5> (fast)`, { referencedMessageId: '500' }),
    [drawing(a), press(b, v(1))],
    b,
  ],
  [
    'a variation pressed by a person is nobody’s, whatever its marker',
    message(`**<#${a}#>cat** - Variations by <@5> (fast)`, { referencedMessageId: '501' }),
    [drawing(a), press(b, v(1))],
    undefined,
  ],
  [
    'U2 and U3 of one grid',
    message('**cat** - Image #3 <@5>', { referencedMessageId: '500' }),
    [press(a, u(2)), press(b, u(3))],
    b,
  ],
  [
    'U3 of two grids',
    message('**cat** - Image #3 <@5>', { referencedMessageId: '501' }),
    [press(a, u(3)), press(b, u(3), '501')],
    b,
  ],
  [
    'U3 and V1 of one grid',
    message('Making variations for image #1 with prompt **cat** - <@5> (Waiting to start)', {
      referencedMessageId: '500',
    }),
    [press(a, u(3)), press(b, v(1))],
    b,
  ],
  [
    'pan left and pan up',
    message('**cat** - Pan Up by <@5> (fast)', { referencedMessageId: '500' }),
    [
      press(a, `MJ::JOB::pan_left::1::${uuid('1')}::SOLO`),
      press(b, `MJ::JOB::pan_up::1::${uuid('1')}::SOLO`),
    ],
    b,
  ],
  [
    'a finished reroll reads like a drawing',
    message(`**<#${a}#>cat** - <@5> (fast)`, { referencedMessageId: '500' }),
    [drawing(a), press(b, `MJ::JOB::reroll::0::${uuid('1')}::SOLO`)],
    b,
  ],
  [
    'two variations of one grid read alike: nobody',
    message('**cat** - Variations by <@5> (fast)', { referencedMessageId: '500' }),
    [press(a, v(1)), press(b, v(2))],
    undefined,
  ],
  [
    '… unless their job ids are known',
    message('**cat** - Variations by <@5> (fast)', {
      referencedMessageId: '500',
      attachments: picture(`x_cat_${uuid('3')}.png`),
    }),
    [press(a, v(1), '500', { hash: uuid('2') }), press(b, v(2), '500', { hash: uuid('3') })],
    b,
  ],
  [
    'a preview shows the job id too',
    message('**cat** - Variations by <@5> (31%) (fast)', {
      referencedMessageId: '500',
      attachments: picture(`${uuid('3')}_grid_0.webp`),
    }),
    [press(a, v(1), '500', { hash: uuid('2') })],
    undefined,
  ],
  [
    'one is being drawn in a message of its own: a new message is the other’s',
    message('**cat** - Variations by <@5> (Waiting to start)', { referencedMessageId: '500' }),
    [press(a, v(1), '500', { progressMessageId: '1500' }), press(b, v(2))],
    b,
  ],
  [
    'a picture that was there before the button was pressed',
    message('**cat** - Variations by <@5> (fast)', { id: '900', referencedMessageId: '500' }),
    [press(b, v(1))],
    undefined,
  ],
  [
    'a refused command repeats its prompt in small print',
    refusal({}, `/imagine <#${a}#>cat --foo`),
    [drawing(a), drawing(b)],
    a,
  ],
  ['a refusal without small print is nobody’s', refusal({}), [drawing(a)], undefined],
  [
    'a refused button: the first answer to a press is for the only one not yet drawn',
    refusal({ referencedMessageId: '500', interaction: answering('9', { messageId: '500' }) }),
    [press(a, u(1), '500', { started: true }), press(b, v(1))],
    b,
  ],
  [
    '… but without its press named, it may follow what the other has shown',
    refusal({ referencedMessageId: '500' }),
    [press(a, u(1), '500', { started: true, progressMessageId: '1500' }), press(b, v(1))],
    undefined,
  ],
  [
    'a refused button: two it could be',
    refusal({ referencedMessageId: '500' }),
    [press(a, u(1)), press(b, v(1))],
    undefined,
  ],
  [
    'a description is recognised by the name of the uploaded file',
    message('', { embeds: [{ description: '1️⃣ a', image: { url: 'https://cdn.example/1/2/77.png?ex=1' } }] }),
    [
      candidate(aTask({ id: b as TaskId, action: { kind: 'describe', uploadFilename: 'uuid/78.png' } }), {}),
      candidate(aTask({ id: a as TaskId, action: { kind: 'describe', uploadFilename: 'uuid/77.png' } }), {}),
    ],
    a,
  ],
  [
    'the cancel button of a first message shows the job id',
    message('**cat** - Variations by <@5> (Waiting to start)', {
      referencedMessageId: '500',
      components: [cancelButton(uuid('3'))],
    }),
    [press(a, v(1), '500', { hash: uuid('2') }), press(b, v(2))],
    b,
  ],
  [
    'a picture with the job id that its first message showed needs no other evidence',
    message('****  - <@5> (fast)', { attachments: picture(`x_${uuid('3')}.png`) }),
    [drawing(a, { hash: uuid('2') }), blending(b, { hash: uuid('3') })],
    b,
  ],
  [
    'a video, which holds nothing of its parent, by its motion',
    message('**<https://s.mj.run/x> --motion low --video 1** - <@5> (fast)', { referencedMessageId: '500' }),
    [
      press(a, `MJ::JOB::animate_high::1::${uuid('1')}::SOLO`),
      press(b, `MJ::JOB::animate_low::1::${uuid('1')}::SOLO`),
    ],
    b,
  ],
  [
    'a video and a video drawn again read alike: nobody',
    message(`**<#${a}#>cat --motion low --video 1** - <@5> (fast)`, { referencedMessageId: '500' }),
    [
      press(a, `MJ::JOB::animate_low::1::${uuid('1')}::SOLO`),
      press(b, `MJ::JOB::reroll::0::${uuid('1')}::SOLO`),
    ],
    undefined,
  ],
  [
    'a blend: the only message of no words, by the only one under way',
    message('**<https://s.mj.run/x> <https://s.mj.run/y> --ar 3:2 --v 7.0** - <@5> (fast)'),
    [drawing(a), blending(b)],
    b,
  ],
  ['a drawing with words is no blend', message('**cat** - <@5> (fast)'), [blending(b)], undefined],
  [
    'a drawing of links alone that says that it answers /imagine is no blend',
    message('**<https://s.mj.run/x>** - <@5> (Waiting to start)', { interaction: answer('imagine') }),
    [blending(b)],
    undefined,
  ],
  [
    'two blends under way: nobody',
    message('**<https://s.mj.run/x>** - <@5> (fast)'),
    [blending(a), blending(b)],
    undefined,
  ],
  [
    'the picture of a blend in a mode that is new at Midjourney',
    message('**<https://s.mj.run/x>** - <@5> (ludicrous)', {
      attachments: picture('x.png'),
      components: [
        { type: 1, components: [{ type: 2, style: 2, custom_id: `MJ::JOB::upsample::1::${uuid('3')}` }] },
      ],
    }),
    [blending(b, { progressMessageId: '1500' })],
    b,
  ],
  [
    'a second first message is not that of a blend that has one',
    message('**<https://s.mj.run/x>** - <@5> (Waiting to start)'),
    [blending(b, { progressMessageId: '1500' })],
    undefined,
  ],
  [
    'shortened prompts, by the only one under way',
    message('', { embeds: [{ description: '## Shortened prompts\n1️⃣ cat\n\n2️⃣ c' }] }),
    [drawing(a), candidate(aTask({ id: b as TaskId, action: { kind: 'shorten', prompt: 'x' } }), {})],
    b,
  ],
  [
    'an old job shown again: by its id, although it has the marker of the first',
    message(`**<#${a}#>cat** - <@5> (fast)`, {
      attachments: picture(`x_cat_${uuid('3')}.png`),
      interaction: answer('show'),
    }),
    [showing(a, uuid('2')), showing(b, uuid('3'))],
    b,
  ],
  [
    'the picture itself of a job that is shown while it is drawn is the first one’s',
    message(`**<#${a}#>cat** - <@5> (fast)`, { attachments: picture(`x_cat_${uuid('3')}.png`) }),
    [drawing(a), showing(b, uuid('3'))],
    a,
  ],
  [
    'an unknown job is refused with its id in small print',
    refusal({}, `/show ${uuid('3')}`),
    [showing(a, uuid('2')), showing(b, uuid('3'))],
    b,
  ],
  [
    'a description made again, while one of the first is drawn',
    message('', {
      embeds: [{ description: '1️⃣ a', image: { url: 'https://cdn.example/77.png' } }],
      referencedMessageId: '500',
    }),
    [press(a, 'MJ::Job::PicReader::1'), press(b, 'MJ::Picread::Retry')],
    b,
  ],
  [
    'a numbered prompt drawn reads like a drawing, and refers to the description',
    message('**a red cat** - <@5> (fast)', { referencedMessageId: '500' }),
    [press(a, 'MJ::Picread::Retry'), press(b, 'MJ::Job::PicReader::1')],
    b,
  ],
  [
    'a button that is new at Midjourney: what reads like no known one’s',
    message('**cat** - Remix (Dream) by <@5> (fast)', { referencedMessageId: '500' }),
    [press(a, u(1)), press(b, `MJ::JOB::dream::1::${uuid('1')}::SOLO`)],
    b,
  ],
  [
    'a refusal that replies to a drawing’s own first message, without a nonce',
    refusal({ referencedMessageId: '1500' }),
    [drawing(a, { firstMessageId: '1500', progressMessageId: '1500', started: true }), drawing(b)],
    a,
  ],
  [
    'a refusal that follows the first answer to a press, although it replies to the picture',
    refusal({ referencedMessageId: '500', interaction: answering('9', { firstAnswerId: '1500' }) }),
    [
      press(a, u(1), '500', { firstMessageId: '1500', progressMessageId: '1500', started: true }),
      press(b, u(2)),
    ],
    a,
  ],
  [
    'a picture drawn from a given-up drawing’s own message is not that drawing',
    message(`**<#${a}#>cat** - Image #1 <@5>`, {
      referencedMessageId: '1500',
      attachments: picture(`x_cat_${uuid('4')}.png`),
    }),
    [drawing(a, { firstMessageId: '1500', progressMessageId: '1500', hash: uuid('3') })],
    undefined,
  ],
  [
    '… nor while the job’s id is not known',
    message(`**<#${a}#>cat** - Upscaled (Subtle) by <@5> (fast)`, {
      referencedMessageId: '1500',
      attachments: picture(`x_cat_${uuid('4')}.png`),
    }),
    [press(b, v(1), '500', { firstMessageId: '1500' })],
    undefined,
  ],
  [
    'a video of a picture, which repeats that picture’s text and marker',
    message(`**<#${a}#>cat --motion low --video 1 --aspect 1:1** - <@5> (fast)`, {
      referencedMessageId: '500',
    }),
    [
      drawing(a),
      press(a, `MJ::JOB::animate_high::1::${uuid('1')}::SOLO`),
      press(b, `MJ::JOB::animate_low::1::${uuid('1')}::SOLO`),
    ],
    b,
  ],
  [
    'a video that does not say its motion: the only one',
    message('Creating video with prompt **<https://s.mj.run/x> --video 1** - <@5> (Waiting to start)', {
      referencedMessageId: '500',
    }),
    [press(a, u(1)), press(b, `MJ::JOB::animate_low::1::${uuid('1')}::SOLO`)],
    b,
  ],
  [
    'a video drawn again reads like a video',
    message(`**<#${a}#>cat --motion low --video 1** - <@5> (fast)`, { referencedMessageId: '500' }),
    [
      drawing(a),
      press(a, `MJ::JOB::video_virtual_upscale::1::${uuid('1')}`),
      press(b, `MJ::JOB::reroll::0::${uuid('1')}::SOLO`),
    ],
    b,
  ],
  [
    'an extended video',
    message('**idle --motion low --bs 1 --video 1** - <@5> (fast)', { referencedMessageId: '500' }),
    [
      press(a, `MJ::JOB::animate_high_extend::1::${uuid('1')}`),
      press(b, `MJ::JOB::animate_low_extend::1::${uuid('1')}`),
    ],
    b,
  ],
  [
    'picked videos, by the file, without a text',
    message('', { referencedMessageId: '500', attachments: picture(`${uuid('3')}_2_720_N.mp4`) }),
    [
      press(a, `MJ::JOB::video_virtual_upscale::1::${uuid('1')}`),
      press(b, `MJ::JOB::video_virtual_upscale::2::${uuid('1')}`),
    ],
    b,
  ],
  [
    'picked videos whose file does not say which: nobody',
    message('', { referencedMessageId: '500', attachments: picture('video.mp4') }),
    [
      press(a, `MJ::JOB::video_virtual_upscale::1::${uuid('1')}`),
      press(b, `MJ::JOB::video_virtual_upscale::2::${uuid('1')}`),
    ],
    undefined,
  ],
  [
    'a video that keeps the id of the given-up job that it was picked from',
    message('', { referencedMessageId: '500', attachments: picture(`${uuid('1')}_2_720_N.mp4`) }),
    [
      press(a, `MJ::JOB::animate_low::1::${uuid('9')}::SOLO`, '400', { hash: uuid('1') }),
      press(b, `MJ::JOB::video_virtual_upscale::2::${uuid('1')}`),
    ],
    b,
  ],
  [
    'a video of links alone is no blend',
    message('**<https://s.mj.run/x> --video 1 --aspect 1:1** - <@5> (fast)'),
    [blending(b)],
    undefined,
  ],
  [
    'a picture whose text nobody can read is not guessed',
    message('Something new', { referencedMessageId: '500', attachments: picture(`x_${uuid('3')}.png`) }),
    [press(a, u(1))],
    undefined,
  ],
  [
    'a description in the message that announced it, under another name of the file',
    message('', {
      id: '3000',
      embeds: [{ description: '1️⃣ a', image: { url: 'https://cdn.example/x.png' } }],
    }),
    [describing(b, 'uuid/77.png', { firstMessageId: '3000' }), describing(a, 'uuid/78.png')],
    b,
  ],
  [
    '… unless it is the file of another',
    message('', {
      id: '3000',
      embeds: [{ description: '1️⃣ a', image: { url: 'https://cdn.example/78.png' } }],
    }),
    [describing(b, 'uuid/77.png', { firstMessageId: '3000' }), describing(a, 'uuid/78.png')],
    a,
  ],
  [
    'a description of a file that no task uploaded is that of a link',
    message('', {
      interaction: answer('describe'),
      embeds: [{ description: '1️⃣ a', image: { url: 'https://cdn.example/78.png' } }],
    }),
    [describing(b, 'uuid/77.png'), describingLink(a)],
    a,
  ],
  [
    '… also where it does not name the command',
    message('', { embeds: [{ description: '1️⃣ a', image: { url: 'https://cdn.example/78.png' } }] }),
    [describing(b, 'uuid/77.png'), describingLink(a)],
    a,
  ],
  [
    '… and never that of a link when a task uploaded it, whatever the link is called',
    message('', {
      interaction: answer('describe'),
      embeds: [{ description: '1️⃣ a', image: { url: 'https://cdn.example/x.png' } }],
    }),
    [describing(b, 'uuid/x.png'), describingLink(a)],
    b,
  ],
  [
    '… nor when the task that uploaded it is no longer known',
    message('', {
      interaction: answer('describe'),
      embeds: [{ description: '1️⃣ a', image: { url: 'https://cdn.example/1767323045678400.png' } }],
    }),
    [describingLink(a)],
    undefined,
  ],
  [
    '… but that of the link to an upload, which has its name',
    message('', {
      interaction: answer('describe'),
      embeds: [{ description: '1️⃣ a', image: { url: 'https://cdn.example/1767323045678400.png?ex=1' } }],
    }),
    [describing(b, 'uuid/77.png'), describingLink(a, 'https://cdn.example/1/2/1767323045678400.png?ex=2')],
    a,
  ],
  [
    'a command with another nonce was typed by hand',
    message('', { interaction: answer('blend'), nonce: '8' }),
    [blending(a, { nonce: '7' })],
    undefined,
  ],
  [
    'a second announcement is not that of a description that has one',
    message('', { interaction: answer('describe') }),
    [describing(b, 'uuid/77.png', { firstMessageId: '1500' })],
    undefined,
  ],
  [
    'a refusal in plain text repeats the command on a line of its own',
    message(`Invalid parameter\nUnrecognized parameter(s): x\n/imagine <#${b}#>cat --x`),
    [drawing(a), drawing(b)],
    b,
  ],
  [
    'the videos of a prompt, read in the history, which reply to a progress message that nobody saw',
    message(`**<https://s.mj.run/x> <#${b}#> --motion low --bs 4 --video 1** - <@5> (fast)`, {
      referencedMessageId: '1500',
      attachments: picture('sheet.webp'),
    }),
    [drawing(a), drawing(b)],
    b,
  ],
  [
    'videos that reply to what is older than the task: nobody',
    message(`**<https://s.mj.run/x> <#${a}#> --motion low --bs 4 --video 1** - <@5> (fast)`, {
      referencedMessageId: '500',
      attachments: picture('sheet.webp'),
    }),
    [drawing(a)],
    undefined,
  ],
  [
    'a picture that replies to an unknown message is made of another one: nobody',
    message(`**<#${a}#>cat --v 7** - Variations by <@5> (fast)`, {
      referencedMessageId: '1500',
      attachments: picture('cat.webp'),
    }),
    [drawing(a)],
    undefined,
  ],
  [
    'a job’s id in the link below a picture whose file does not have it',
    message('**cat** - Variations by <@5> (fast)', {
      referencedMessageId: '500',
      attachments: picture('cat.webp'),
      components: [
        { type: 1, components: [{ type: 2, style: 5, url: `https://www.midjourney.com/jobs/${uuid('3')}` }] },
      ],
    }),
    [press(a, v(1), '500', { hash: uuid('2') }), press(b, v(2), '500', { hash: uuid('3') })],
    b,
  ],
];

describe('matchMessage', () => {
  it.each(cases)('%s', (_name, heard, open, expected) => {
    expect(matchMessage(heard, open)?.task.id).toBe(expected);
    expect(matchMessage(heard, open.toReversed())?.task.id).toBe(expected);
  });

  it.each<[string, DiscordMessage, Candidate, boolean]>([
    [
      'a reply to the picture whose button was pressed',
      message('New words', { referencedMessageId: '500' }),
      press(a, u(1)),
      true,
    ],
    [
      'a reply to another picture',
      message('New words', { referencedMessageId: '501' }),
      press(a, u(1)),
      false,
    ],
    ['an answer to such a command', message('', { interaction: answer('imagine') }), drawing(a), true],
    ['an answer to another command', message('', { interaction: answer('blend') }), drawing(a), false],
    [
      'what was made of its picture',
      message(`**<#${a}#>cat** - Variations by <@5> (fast)`, { referencedMessageId: '1500' }),
      drawing(a),
      true,
    ],
    ['a drawing with another’s marker', message(`**<#${b}#>cat** - <@5> (fast)`), drawing(a), false],
    [
      'what is older than the task',
      message('', { id: '900', interaction: answer('imagine') }),
      drawing(a),
      false,
    ],
  ])('a sign of life for a task, or not: %s', (_name, heard, open, expected) => {
    expect(mayConcern(heard, open)).toBe(expected);
  });

  it.each<[string, Candidate['task'], boolean]>([
    ['a blend', blending(b).task, false],
    ['a variation of the same grid', press(b, v(2)).task, false],
    ['a variation of another grid', press(b, v(2), '501').task, true],
    ['what is picked once more, which may keep one id', press(b, u(1)).task, true],
  ])(
    'a job that an ended task has shown is not the first one of %s that reads alike',
    (_what, task, fits) => {
      const { action } = task;
      const id = uuid('3');
      const heard =
        action.kind === 'button'
          ? message(`**cat** - ${action.customId === u(1) ? 'Image #1' : 'Variations by'} <@5> (fast)`, {
              referencedMessageId: action.messageId,
              attachments: picture(`x_${id}.png`),
            })
          : message('**<https://s.mj.run/x>** - <@5> (fast)', { attachments: picture(`x_${id}.png`) });
      const open = [candidate(task, {})];
      expect(matchMessage(heard, open)).toBe(open[0]);
      for (const owner of [blending(a), press(a, v(1)), press(a, u(1))]) {
        const key = exclusiveKey(owner.task.action);
        const jobs = new Map([[id, { since: '1500', owner: { taskId: owner.task.id, key } }]]);
        const isRuledOut = !fits && (action.kind === 'blend' || key === exclusiveKey(action));
        expect(matchMessage(heard, open, { jobs })).toBe(isRuledOut ? undefined : open[0]);
      }
    },
  );

  it('a job that the channel showed before a blend was sent is not the blend’s, whosever it is', () => {
    const open = [blending(b)];
    const heard = message('**<https://s.mj.run/x>** - <@5> (fast)', {
      attachments: picture(`x_${uuid('3')}.png`),
    });
    const shownSince = (since: string) => ({ jobs: new Map([[uuid('3'), { since, owner: undefined }]]) });
    expect(matchMessage(heard, open, shownSince('900'))).toBeUndefined();
    expect(matchMessage(heard, open, shownSince('1500'))).toBe(open[0]);
  });

  it('takes nothing that another user of the channel asked for', () => {
    const open = [drawing(a)];
    const heard = message(`**<#${a}#>cat** - <@5> (fast)`);
    expect(matchMessage(heard, open, { ownUserId: '5' })).toBe(open[0]);
    expect(matchMessage(heard, open, { ownUserId: '6' })).toBeUndefined();
    const answered = message('', { interaction: { ...answer('blend'), userId: '5' } });
    const blend = [blending(b)];
    expect(matchMessage(answered, blend, { ownUserId: '5' })).toBe(blend[0]);
    expect(matchMessage(answered, blend, { ownUserId: '6' })).toBeUndefined();
  });
});
