import { describe, expect, it } from 'vitest';
import { readRefusal, refusalOfWebPage } from './refusal.ts';

const red = 16_711_680;
const yellow = 16_776_960;
const orange = 16_239_475;

const said = (different: Partial<Parameters<typeof readRefusal>[0]>) =>
  readRefusal({
    id: '1500000000000000000',
    content: '',
    embeds: [],
    attachments: [],
    components: [],
    ...different,
  });

describe('readRefusal', () => {
  it.each([
    ['Invalid parameter', red, 'request', 'invalid_parameter'],
    ['Invalid prompt', red, 'request', 'invalid_parameter'],
    ['Invalid link', red, 'request', 'invalid_parameter'],
    ['Duplicate images detected', yellow, 'request', 'invalid_parameter'],
    ['Job action restricted', red, 'request', 'rejected'],
    ['Queue full', orange, 'queue', 'rejected'],
    ['Slow Down!', red, 'later', 'rejected'],
    ['Banned prompt detected', red, 'request', 'banned'],
    ['Banned image prompt', red, 'request', 'banned'],
    ['Empty prompt', red, 'request', 'invalid_parameter'],
    ['Sorry! Could not complete the job!', red, 'request', 'rejected'],
    ['Request cancelled due to output filters', red, 'request', 'moderated'],
    ['Request cancelled due to image filters', red, 'request', 'moderated'],
    ['Image denied', red, 'request', 'moderated'],
    ['Sorry, something went wrong', red, 'request', 'rejected'],
    ['Something new and red', red, 'request', 'rejected'],
    ['Job queued', orange, 'none', 'rejected'],
    ['Something new and yellow', yellow, 'none', 'rejected'],
    ['Credits exhausted', red, 'account', 'account_unavailable', 'subscription'],
    ['Subscription required', red, 'account', 'account_unavailable', 'subscription'],
    ['Subscription paused', yellow, 'account', 'account_unavailable', 'subscription'],
    ['Blocked', red, 'account', 'account_unavailable', 'blocked'],
    ['You have been temporarily blocked', red, 'account', 'account_unavailable', 'blocked'],
    ['Pending mod message', yellow, 'account', 'account_unavailable', 'moderation'],
    ['Final warning', yellow, 'account', 'account_unavailable', 'moderation'],
    ['Your account has been flagged', red, 'account', 'account_unavailable', 'moderation'],
    ['Tos not accepted', red, 'account', 'account_unavailable', 'terms'],
    ['Account suspended', red, 'account', 'account_unavailable', 'blocked'],
    ['⚠️ **Pending mod message**', red, 'account', 'account_unavailable', 'moderation'],
    ['Action needed to continue', yellow, 'account', 'verification_required', 'human_check'],
    ['Please complete the task', red, 'account', 'verification_required', 'human_check'],
    ['Human verification', red, 'account', 'verification_required', 'human_check'],
  ])('%s (%i) concerns the %s: %s', (title, color, scope, code, cause = undefined) => {
    const isKnown = !title.startsWith('Something new');
    for (const embed of isKnown ? [{ color }, {}] : [{ color }]) {
      const refusal = said({ embeds: [{ ...embed, title, description: 'Because\nof this.' }] });
      expect(refusal).toMatchObject({ scope, code, reason: `${title}: Because of this.` });
      expect(refusal?.cause).toBe(cause);
    }
  });

  it.each([
    ['Failed to process your command :(', 'request'],
    ['There was an error', 'request'],
    ['Oops! Something went wrong', 'request'],
    ['This job has already been upscaled', 'request'],
    ['You cannot do that', 'request'],
    ['Your job queue is full', 'queue'],
    ['You have been temporarily blocked', 'account'],
    ["Please verify you're human", 'account'],
  ])('reads what is plain text: %s', (content, scope) => {
    expect(said({ content })?.scope).toBe(scope);
  });

  it.each(['Displaying...', 'This image is being upscaled', 'Done!', 'Remix mode turned on!'])(
    'takes no other text for a refusal: %s',
    (content) => {
      expect(said({ content })).toBeUndefined();
    },
  );

  it('leaves the command out that a plain text repeats', () => {
    const content = 'Invalid parameter\nUnrecognized parameter(s): x\n/imagine <#123#>a cat --x';
    expect(said({ content })?.reason).toBe('Invalid parameter Unrecognized parameter(s): x');
  });

  it('takes neither good news nor the results of describe for a refusal', () => {
    expect(said({ content: '', embeds: [{ title: 'Your info', color: 65_280 }] })).toBeUndefined();
    expect(said({ content: '', embeds: [{ description: '1️⃣ a cat' }] })).toBeUndefined();
    expect(said({ content: '**cat** - <@5> (fast)', embeds: [] })).toBeUndefined();
  });
});

describe('what a refusal says beside', () => {
  const echoes = [
    'blocked',
    'You have been blocked from accessing Midjourney',
    'Pending mod message',
    "Please verify you're human",
    'Credits exhausted',
  ];
  it.each(echoes)('no prompt that it repeats stops the account: %j', (prompt) => {
    const refused = [
      said({ embeds: [{ title: 'Invalid parameter', description: `Unrecognized: ${prompt}` }] }),
      said({ embeds: [{ title: 'New words', description: `${prompt}\n${prompt}` }] }),
      said({ embeds: [{ description: `Nobody knows: ${prompt}`, footer: { text: `/imagine ${prompt}` } }] }),
      said({ content: `Invalid parameter\n${prompt}\n/imagine ${prompt}` }),
    ];
    expect(refused.map((refusal) => refusal?.scope)).toEqual(Array(4).fill('request'));
    expect(said({ content: `**${prompt}** - <@5> (fast)` })).toBeUndefined();
  });

  it.each([
    'Blocked word detected',
    'Blocked prompt',
    'You used a banned word',
    'You have used words that are blocked',
    'You are restricted to three jobs at a time',
  ])('what is about the prompt does not stop the account: %s', (title) => {
    const refused = [
      said({ embeds: [{ title, description: 'Because.' }] }),
      said({ embeds: [{ description: title }] }),
    ];
    expect(refused.map((refusal) => refusal?.scope)).toEqual(['request', 'request']);
  });

  it('the preview of a link in a prompt is none, whatever its colour', () => {
    const content = '**https://example.com cat** - <@5> (Waiting to start)';
    const previews = [
      { type: 'article' as const, title: 'Blocked', color: red },
      { type: 'rich' as const, title: 'Blocked', url: 'https://example.com', color: red },
      { type: 'rich' as const, title: 'Blocked', description: 'without a colour' },
    ];
    for (const embed of previews) expect(said({ content, embeds: [embed as never] })).toBeUndefined();
  });

  it('nor is that of a link in a prompt which a plain refusal repeats', () => {
    const content =
      'Invalid parameter\nUnrecognized parameter(s): x\n/imagine a https://social.example/1 --x';
    const post = { type: 'rich' as const, url: 'https://social.example/1', description: 'You are blocked' };
    expect(said({ content, embeds: [post] as never })).toMatchObject({
      scope: 'request',
      code: 'invalid_parameter',
    });
  });

  it.each([
    ['You are blocked.', 'Try again <t:1774993654:R>', '2026-03-31T21:47:34.000Z'],
    ['Temporarily blocked', 'You have been blocked for 2 days.', '2026-12-17T08:16:45.000Z'],
    ['Blocked', 'for good', undefined],
  ])('%s %s: until %s', (title, description, end) => {
    const id = String(((Date.parse('2026-12-15T08:16:45Z') - 1_420_070_400_000) * 2 ** 22).toFixed());
    const refusal = said({ id, embeds: [{ title, description }] });
    expect(refusal).toMatchObject({ scope: 'account', code: 'account_unavailable' });
    expect(refusal?.until?.toISOString()).toBe(end);
  });

  it('how it was said, when it is not known', () => {
    const unknown = [
      said({ embeds: [{ title: 'A new one' }] }),
      said({ embeds: [{ description: 'A new one' }] }),
      said({ content: 'Error 7' }),
      said({ embeds: [{ title: 'Invalid link!' }] }),
    ];
    expect(unknown.map((refusal) => refusal?.unknown)).toEqual([
      'titled embed',
      'untitled embed',
      'plain text',
      undefined,
    ]);
    expect(said({ content: 'Displaying...' })).toBeUndefined();
  });
});

describe('refusalOfWebPage', () => {
  it.each([
    ['Action required to continue', 'verification_required', 'human_check'],
    ['Verify you are human', 'verification_required', 'human_check'],
    ['Editor', 'rejected', undefined],
  ])('%s: %s', (title, code, cause) => {
    const { account, ...refusal } = refusalOfWebPage({ title });
    expect(refusal).toEqual({ code, reason: expect.stringContaining(title) });
    expect(account?.cause).toBe(cause);
  });
});
