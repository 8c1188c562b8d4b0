import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Received, redactRecording } from './redact-recording.ts';

/** A word that is in a recording only if it came from a client: `zq` is in none of Midjourney's, nor in field names. */
const word = fc
  .tuple(fc.stringMatching(/^[a-zA-Zäöüß猫犬🐈0-9]{0,6}$/u), fc.stringMatching(/^[a-zA-Z]{0,4}$/))
  .map(([start, end]) => `${start}zQ${end}`);
const snowflake = fc.bigInt({ min: 2n * 10n ** 18n, max: 9n * 10n ** 18n }).map(String);
const text = fc
  .array(
    fc.oneof(
      word,
      fc.constantFrom(
        '**',
        ' - ',
        '\n',
        '::',
        '"',
        '`',
        '(31%)',
        '(fast)',
        'Upscaled by',
        '--ar 3:2',
        '<#5#>',
      ),
      snowflake.map((id) => `<@${id}>`),
      word.map(
        (each) =>
          `https://${encodeURIComponent(each)}.example/a/${encodeURIComponent(each)}?t=${encodeURIComponent(each)}`,
      ),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => parts.join(' '));

const person = fc.record({ id: snowflake, username: word, global_name: word, avatar: word, email: word });
const component = fc.record({
  type: fc.constant(2),
  style: fc.constant(2),
  label: word,
  emoji: fc.record({ name: word }),
  custom_id: fc.tuple(word, fc.uuid()).map(([client, job]) => `MJ::New::sculpt_v9::${client}::${job}`),
});
const message = fc.record({
  id: snowflake,
  channel_id: snowflake,
  guild_id: snowflake,
  nonce: fc.oneof(snowflake, word),
  content: text,
  timestamp: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  author: person,
  member: fc.record({ nick: word, roles: fc.array(snowflake) }),
  mentions: fc.array(person, { maxLength: 2 }),
  attachments: fc.array(
    fc.record({
      id: snowflake,
      filename: fc.tuple(word, fc.uuid()).map(([name, job]) => `${name}_${job}.png`),
      url: word.map(
        (each) =>
          `https://cdn.discordapp.com/attachments/1/2/${encodeURIComponent(each)}.png?ex=${encodeURIComponent(each)}`,
      ),
      description: word,
    }),
    { maxLength: 2 },
  ),
  embeds: fc.array(
    fc.record({
      title: text,
      description: text,
      footer: fc.record({ text }),
      author: fc.record({ name: word, url: word }),
      fields: fc.array(fc.record({ name: word, value: text }), { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
  components: fc.array(
    fc.record({ type: fc.constant(1), components: fc.array(component, { maxLength: 2 }) }),
    {
      maxLength: 2,
    },
  ),
  interaction_metadata: fc.record({ id: snowflake, user: person, name: word }),
  referenced_message: fc.record({ id: snowflake, content: text, author: person, mentions: fc.array(person) }),
  // What Discord may add one day.
  something_new: fc.dictionary(fc.constantFrom('poll', 'reactions', 'id'), text),
});
const iframe = fc.record({
  nonce: snowflake,
  title: text,
  custom_id: word.map((token) => `MJ::iframe::${token}`),
  application: fc.record({ id: snowflake, name: word }),
});
const form = fc.record({
  id: snowflake,
  nonce: snowflake,
  title: text,
  custom_id: fc.uuid().map((job) => `MJ::RemixModal::${job}::1::1`),
  components: fc.array(
    fc.record({ type: fc.constant(4), custom_id: fc.constant('MJ::RemixModal::new_prompt'), value: text }),
  ),
});
const received: fc.Arbitrary<Received> = fc
  .oneof(
    fc.record({ t: fc.constantFrom('MESSAGE_CREATE', 'MESSAGE_UPDATE'), d: message }),
    fc.record({ t: fc.constant('INTERACTION_IFRAME_MODAL_CREATE'), d: iframe }),
    fc.record({ t: fc.constant('INTERACTION_MODAL_CREATE'), d: form }),
    fc.record({
      get: fc.constant('/channels/2000000000000000001/messages'),
      status: fc.constant(200),
      body: fc.array(message, { maxLength: 3 }),
    }),
  )
  .map((each) => ({ afterMs: 1, ...each }));

it('nothing of a client, of the account or of other people survives: no word, name, id, link or token', () => {
  fc.assert(
    fc.property(fc.array(received, { minLength: 1, maxLength: 4 }), snowflake, (events, userId) => {
      const account = { guildId: '2000000000000000001', channelId: '2000000000000000002', userId };
      const before = JSON.stringify(events);
      const after = JSON.stringify(redactRecording(events, account));
      expect(after.toLowerCase()).not.toContain('zq');
      const secret = before.match(/[2-9]\d{18}|[0-9a-f]{8}-[0-9a-f-]{27}/g) ?? [];
      for (const id of [...secret, userId]) expect(after).not.toContain(id);
    }),
    { numRuns: 300 },
  );
});

it('ids keep their order and stay the same ones', () => {
  const ids = fc.uniqueArray(snowflake, { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(ids, (given) => {
      const events = given.map((id) => ({ afterMs: 1, t: 'MESSAGE_DELETE', d: { id, content: id } }));
      const account = { guildId: '1', channelId: '2', userId: null };
      const shown = redactRecording(events, account).map((each) =>
        'd' in each ? (each.d as { id: string }).id : '',
      );
      const rank = (list: string[]) => list.map((id) => [...list].sort().indexOf(id));
      expect(rank(shown)).toEqual(rank(given));
    }),
  );
});

it('names and tokens that read as Midjourney’s own words do are gone, too', () => {
  const somebody = { id: '2000000000000000003', username: 'turbo', global_name: 'Create' };
  const events = [
    {
      afterMs: 1,
      t: 'MESSAGE_CREATE',
      d: { author: somebody, mentions: [somebody], member: { nick: 'fast' } },
    },
    { afterMs: 2, t: 'INTERACTION_IFRAME_MODAL_CREATE', d: { custom_id: 'MJ::iframe::secret_token' } },
  ];
  const account = { guildId: '1', channelId: '2', userId: somebody.id };
  expect(redactRecording(events, account)).toEqual([
    { afterMs: 1, t: 'MESSAGE_CREATE', d: { author: { id: '900000000000000348' } } },
    { afterMs: 2, t: 'INTERACTION_IFRAME_MODAL_CREATE', d: { custom_id: 'MJ::iframe::0' } },
  ]);
});
