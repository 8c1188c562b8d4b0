import { aTask } from '@midjourney-api/shared/tasks/task.fixture';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DiscordMessage } from '../discord/message.ts';
import { createActiveTask } from '../tasks/active-task.ts';
import { driftIn } from './drift-in.ts';
import { isMidjourneysWord } from './midjourney-words.ts';

/** A word that is found in the sample only if it came from a client. `zq` is in none of Midjourney's, nor in field names. */
const word = fc
  .tuple(fc.stringMatching(/^[a-zA-Zäöüß猫犬🐈0-9]{0,6}$/u), fc.stringMatching(/^[a-zA-Z]{0,4}$/))
  .map(([start, end]) => `${start}zQ${end}`)
  .filter((each) => !isMidjourneysWord(each));
const prompt = fc.array(word, { minLength: 1, maxLength: 6 }).chain((words) =>
  fc
    .array(fc.constantFrom(' ', ', ', ' ** ', '\n', ' - ', '::', ' "', '`', ' --ar 3:2 ', ' <#5#> '), {
      minLength: words.length,
      maxLength: words.length,
    })
    .map((between) => ({ words, text: words.map((each, at) => each + between[at]).join('') })),
);
const snowflake = fc.bigInt({ min: 2n * 10n ** 18n, max: 10n ** 19n - 1n }).map(String);
const uuid = fc.uuid();
const link = word.map(
  (each) =>
    `https://${encodeURIComponent(each)}.example/${encodeURIComponent(each)}?token=${encodeURIComponent(each)}`,
);
const template = fc.constantFrom(
  '**{prompt}** - <@{id}> (fast)',
  '**{prompt}** became something new for <@{id}>',
  'Error 9: {prompt}',
  '{prompt}',
  'You, @{name}, wrote "{prompt}" at {link}',
  '/imagine prompt: {prompt}',
  'Invalid {link} {prompt} {job}',
  '{name}: **{prompt}** [look](<{link}>) **Job ID**: {job}',
);

it('nothing of a client’s survives in what is kept: no word, name, id, link or marker', () => {
  const given = fc.record({
    prompt,
    name: word,
    id: snowflake,
    job: uuid,
    link,
    content: template,
    title: template,
    description: template,
    footer: template,
  });
  fc.assert(
    fc.property(given, (client) => {
      const filled = (text: string) =>
        text.replace(/\{(\w+)\}/g, (_, part: 'prompt' | 'name' | 'id' | 'job' | 'link') =>
          part === 'prompt' ? `<#1767322800000123#>${client.prompt.text}` : client[part],
        );
      const file = `${client.name}_${client.prompt.words.join('_')}_${client.job}.png`;
      const message: DiscordMessage = {
        id: client.id,
        channelId: client.id,
        authorId: '936929561302675456',
        content: filled(client.content),
        flags: 0,
        attachments: [
          {
            id: client.id,
            filename: file,
            url: `https://cdn.discordapp.com/a/${file}?ex=${client.name}`,
            proxy_url: client.link,
            size: 5,
          },
        ],
        embeds: [
          {
            title: filled(client.title),
            description: filled(client.description),
            footer: { text: filled(client.footer), icon_url: client.link },
            author: { name: client.name, url: client.link },
            fields: [{ name: client.name, value: filled(client.content) }],
          },
        ],
        components: [
          {
            type: 1,
            components: [
              {
                type: 2,
                style: 2,
                custom_id: `MJ::New::sculpt_v9::${client.name}::${client.prompt.words[0]}::${client.job}`,
                label: client.prompt.words[0],
              },
            ],
          },
          { type: 17, components: [{ type: 10, content: filled(client.description) }] },
        ] as never,
        nonce: client.id,
        referencedMessageId: client.id,
        interaction: {
          id: client.id,
          openedBy: client.id,
          messageId: client.id,
          firstAnswerId: client.id,
          command: 'imagine',
          userId: client.id,
        },
      };
      const task = aTask({
        prompt: client.prompt.text,
        action: { kind: 'imagine', prompt: client.prompt.text },
        sentAfterMessageId: client.id,
        nonce: client.id,
      });
      for (const about of [createActiveTask(task), undefined]) {
        const kept = JSON.stringify(driftIn({ message, about, session: 'user' }));
        expect(kept).not.toBe('[]');
        expect(kept.toLowerCase()).not.toContain('zq');
        for (const secret of [client.id, client.job, '1767322800000123']) expect(kept).not.toContain(secret);
      }
    }),
    { numRuns: 500 },
  );
});
