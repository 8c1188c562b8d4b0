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
    ['Invalid parameter', red, 'request', 'rejected'],
    ['Invalid prompt', red, 'request', 'rejected'],
    ['Invalid link', red, 'request', 'rejected'],
    ['Duplicate images detected', yellow, 'request', 'rejected'],
    ['Job action restricted', red, 'request', 'rejected'],
    ['Queue full', orange, 'request', 'rejected'],
    ['Banned prompt detected', red, 'request', 'banned'],
    ['Request cancelled due to output filters', red, 'request', 'banned'],
    ['Image denied', red, 'request', 'banned'],
    ['Something new and red', red, 'request', 'rejected'],
    ['Job queued', orange, 'none', 'rejected'],
    ['Something new and yellow', yellow, 'none', 'rejected'],
    ['Credits exhausted', red, 'account', 'account_unavailable'],
    ['Subscription required', red, 'account', 'account_unavailable'],
    ['Subscription paused', yellow, 'account', 'account_unavailable'],
    ['Blocked', red, 'account', 'account_unavailable'],
    ['Tos not accepted', red, 'account', 'account_unavailable'],
    ['Action needed to continue', yellow, 'account', 'verification_required'],
  ])('%s (%i) concerns the %s: %s', (title, color, scope, code) => {
    const isKnown = !title.startsWith('Something new');
    for (const embed of isKnown ? [{ color }, {}] : [{ color }]) {
      expect(said({ embeds: [{ ...embed, title, description: 'Because\nof this.' }] })).toMatchObject({
        scope,
        code,
        reason: `${title}: Because of this.`,
      });
    }
  });

  it('reads the one refusal that is plain text', () => {
    expect(said({ content: 'Failed to process your command :(', embeds: [] })).toMatchObject({
      code: 'rejected',
    });
  });

  it('takes neither good news nor the results of describe for a refusal', () => {
    expect(said({ content: '', embeds: [{ title: 'Your info', color: 65_280 }] })).toBeUndefined();
    expect(said({ content: '', embeds: [{ description: '1️⃣ a cat' }] })).toBeUndefined();
    expect(said({ content: '**cat** - <@5> (fast)', embeds: [] })).toBeUndefined();
  });
});

describe('refusalOfWebPage', () => {
  it.each([
    ['Action required to continue', 'account', 'verification_required'],
    ['Editor', 'request', 'rejected'],
  ])('%s concerns the %s: %s', (title, scope, code) => {
    expect(refusalOfWebPage({ title, customId: '', applicationId: null })).toEqual({
      scope,
      code,
      reason: expect.stringContaining(title),
      link: null,
    });
  });
});
