import { expect, it } from 'vitest';
import { type AccountCheck, accountChecks } from './account-checks.ts';
import { accountFindings } from './account-findings.ts';
import type { AccountRecord } from './account-record.ts';
import { channelPermissions, type DiscordFacts } from './discord-facts.ts';
import type { FindingStatus } from './finding.ts';

const commandNames = ['imagine', 'blend', 'describe', 'shorten', 'show', 'info'];

/** An account with a bot at which nothing is wrong. */
const record: AccountRecord = {
  name: 'default',
  session: 'bot',
  guildId: '110',
  state: 'ready',
  reason: null,
  cause: null,
  until: null,
  worker: 'host-1',
  recent: { notStarted: 0, forms: 0 },
};
const facts: DiscordFacts = {
  commands: { value: commandNames.map((name) => ({ name, version: '77' })) },
  bot: { value: { readsContent: true } },
  channel: { value: { guildId: '110', slowModeSeconds: 0 } },
  botMay: { value: ['ViewChannel', 'ReadMessageHistory'] },
  userMay: { value: channelPermissions.filter((name) => name !== 'BypassSlowmode') },
  clockAheadMs: -400,
  midjourney: null,
};
const userFacts: DiscordFacts = {
  ...facts,
  bot: null,
  botMay: null,
  midjourney: {
    info: {
      value: {
        subscription: 'Standard (Active monthly)',
        mode: 'Fast',
        fast_hours_left: 3.5,
        fast_hours_total: 15,
        queued: { fast: 0, relax: 0 },
        running: 0,
        fields: {},
      },
    },
    settings: { value: { remix: false, model: 'Midjourney Model V8.2' } },
  },
};
const refused = (status: number, message = 'Unauthorized') => ({ status, message });
const may = (...names: (typeof channelPermissions)[number][]) => ({ value: names });
function infoWith(different: object): DiscordFacts['midjourney'] {
  const { midjourney } = userFacts;
  if (!midjourney || !('value' in midjourney.info)) throw new Error('there is no /info');
  return { ...midjourney, info: { value: { ...midjourney.info.value, ...different } } };
}
const settingsAre = (settings: Extract<DiscordFacts['midjourney'], object>['settings']) =>
  userFacts.midjourney && { ...userFacts.midjourney, settings };

it('an account with a bot at which nothing is wrong', () => {
  const findings = accountFindings(record, facts);
  expect(findings.map(({ check }) => check)).toEqual([...accountChecks]);
  expect(findings.filter(({ status }) => status !== 'ok').map(({ check }) => check)).toEqual([
    'info',
    'settings',
  ]);
  expect(findings.find(({ check }) => check === 'info')).toEqual({
    check: 'info',
    status: 'skipped',
    message: 'Midjourney answers /info to the user alone: only a session of the user can read it.',
    todo: null,
  });
  expect(findings.find(({ check }) => check === 'commands')?.message).toContain('version 77');
});

it('an account whose user listens, without a bot', () => {
  const findings = accountFindings({ ...record, session: 'user' }, userFacts);
  expect(findings.filter(({ status }) => status !== 'ok').map(({ check }) => check)).toEqual([
    'message_content',
  ]);
  expect(findings.find(({ check }) => check === 'info')?.message).toBe(
    'Subscription: Standard (Active monthly). It draws in Fast mode. 3.5 of 15 fast hours are left.',
  );
  expect(findings.find(({ check }) => check === 'settings')?.message).toBe(
    'Remix mode is off. Prompts without a model are drawn by: Midjourney Model V8.2.',
  );
});

it('what was not asked says why, and the rest is found all the same', () => {
  const findings = accountFindings(
    { ...record, state: 'refused', reason: 'Blocked.', worker: null },
    { notAsked: 'No worker has the account.' },
  );
  expect(findings).toHaveLength(accountChecks.length);
  const statuses = Object.fromEntries(findings.map(({ check, status }) => [check, status]));
  expect(statuses).toMatchObject({ state: 'problem', worker: 'problem', session: 'ok', channel: 'skipped' });
  expect(findings.find(({ check }) => check === 'channel')?.message).toBe('No worker has the account.');
});

type Case = [
  name: string,
  what: { record?: Partial<AccountRecord>; facts?: Partial<DiscordFacts>; user?: Partial<DiscordFacts> },
  expected: Partial<Record<AccountCheck, [FindingStatus, RegExp]>>,
];
const user: Partial<AccountRecord> = { session: 'user' };

it.each<Case>([
  [
    'disabled',
    { record: { state: 'disabled', worker: null } },
    { state: ['warning', /disabled/], worker: ['skipped', /./] },
  ],
  ['connecting', { record: { state: 'connecting' } }, { state: ['warning', /connecting/] }],
  [
    'locked',
    { record: { state: 'locked', reason: 'SECRETS_KEY is not set.' } },
    { state: ['problem', /SECRETS_KEY is not set/] },
  ],
  ['refused', { record: { state: 'refused', reason: 'Blocked.' } }, { state: ['problem', /Blocked\./] }],
  ['checked', { record: { state: 'verification_required' } }, { state: ['problem', /sends nothing/] }],
  ['no worker', { record: { worker: null } }, { worker: ['problem', /No worker/] }],
  [
    'forms with a bot',
    { record: { recent: { notStarted: 0, forms: 2 } } },
    { session: ['warning', /2 of the tasks/] },
  ],
  [
    'silence with a bot',
    { record: { recent: { notStarted: 5, forms: 0 } } },
    { session: ['warning', /5 tasks/] },
  ],
  [
    'some silence is chance',
    { record: { recent: { notStarted: 4, forms: 0 } } },
    { session: ['ok', /A bot listens/] },
  ],
  [
    'user token revoked',
    { facts: { commands: refused(401) } },
    { user_token: ['problem', /has changed/], commands: ['skipped', /401/] },
  ],
  [
    'captcha',
    { facts: { commands: refused(400, 'captcha-required') } },
    { user_token: ['problem', /captcha-required/] },
  ],
  [
    'user not in the server',
    { facts: { commands: refused(403, 'Missing Access') } },
    { user_token: ['problem', /not in the server/] },
  ],
  [
    'Discord away',
    { facts: { commands: { status: null, message: 'ECONNREFUSED' } } },
    { user_token: ['problem', /cannot be reached .*ECONNREFUSED/] },
  ],
  [
    'no bot token',
    { facts: { bot: null, botMay: null } },
    { bot_token: ['problem', /no bot token/], message_content: ['skipped', /./] },
  ],
  [
    'bot token revoked',
    { facts: { bot: refused(401) } },
    { bot_token: ['problem', /bot’s token/], message_content: ['skipped', /./] },
  ],
  ['bot unknown', { facts: { bot: refused(500, 'without a reason') } }, { bot_token: ['skipped', /500/] }],
  [
    'no intent',
    { facts: { bot: { value: { readsContent: false } } } },
    { message_content: ['problem', /intent/] },
  ],
  [
    'no such channel',
    { facts: { channel: refused(404, 'Unknown Channel') } },
    { channel: ['problem', /no channel/], slow_mode: ['skipped', /404/] },
  ],
  [
    'channel not seen',
    { facts: { channel: refused(403, 'Missing Access') } },
    { channel: ['problem', /The bot may not see/] },
  ],
  [
    'channel elsewhere',
    { facts: { channel: { value: { guildId: '9', slowModeSeconds: 0 } } } },
    { channel: ['problem', /but in 9/] },
  ],
  [
    'bot without history',
    { facts: { botMay: may('ViewChannel') } },
    { reading: ['problem', /The bot lacks Read Message History/] },
  ],
  [
    'listening user blind',
    { record: user, facts: { userMay: may() } },
    { reading: ['problem', /The user lacks View Channel and Read/] },
  ],
  [
    'rights not read',
    { facts: { botMay: refused(404, 'Unknown Member') } },
    { reading: ['skipped', /Unknown Member/] },
  ],
  [
    'no commands allowed',
    { facts: { userMay: may('ViewChannel', 'SendMessages', 'AttachFiles', 'EmbedLinks') } },
    { sending: ['problem', /Use Application Commands/] },
  ],
  [
    'no files allowed',
    { facts: { userMay: may('ViewChannel', 'SendMessages', 'UseApplicationCommands') } },
    { sending: ['warning', /Attach Files and Embed Links/] },
  ],
  [
    'slow mode',
    { facts: { channel: { value: { guildId: '110', slowModeSeconds: 10 } } } },
    { slow_mode: ['problem', /10 seconds/] },
  ],
  [
    'slow mode for a user',
    { record: user, user: { channel: { value: { guildId: '110', slowModeSeconds: 10 } } } },
    { slow_mode: ['warning', /private/] },
  ],
  [
    'slow mode bypassed',
    {
      facts: {
        channel: { value: { guildId: '110', slowModeSeconds: 10 } },
        userMay: may(...channelPermissions),
      },
    },
    { slow_mode: ['ok', /bypass/] },
  ],
  [
    'no Midjourney',
    { facts: { commands: { value: [] } } },
    { user_token: ['ok', /./], commands: ['problem', /no command \/imagine/] },
  ],
  [
    'commands missing',
    { facts: { commands: { value: [{ name: 'imagine', version: '1' }] } } },
    { commands: ['warning', /\/blend, /] },
  ],
  [
    'no answer to /info',
    {
      record: user,
      user: {
        midjourney: userFacts.midjourney && {
          ...userFacts.midjourney,
          info: { status: null, message: 'Silence.' },
        },
      },
    },
    { info: ['warning', /Silence/] },
  ],
  [
    'no subscription',
    { record: user, user: { midjourney: infoWith({ subscription: null }) } },
    { info: ['warning', /no subscription/] },
  ],
  [
    'no fast hours',
    { record: user, user: { midjourney: infoWith({ fast_hours_left: 0 }) } },
    { info: ['warning', /0 of 15/] },
  ],
  [
    'no fast hours in relax mode',
    { record: user, user: { midjourney: infoWith({ fast_hours_left: 0, mode: 'Relaxed' }) } },
    { info: ['ok', /0 of 15/] },
  ],
  [
    'not asked while refused',
    { record: { ...user, state: 'refused' }, user: { midjourney: null } },
    { info: ['skipped', /it is refused/] },
  ],
  [
    'remix on',
    { record: user, user: { midjourney: settingsAre({ value: { remix: true, model: null } }) } },
    { settings: ['ok', /on: buttons may open a form/] },
  ],
  [
    'a new menu',
    { record: user, user: { midjourney: settingsAre({ value: { remix: null, model: null } }) } },
    { settings: ['warning', /npm run record|known here/] },
  ],
  ['no clock', { facts: { clockAheadMs: null } }, { clock: ['skipped', /./] }],
  ['clock a little off', { facts: { clockAheadMs: 9_000 } }, { clock: ['warning', /9 seconds ahead of/] }],
  ['clock far off', { facts: { clockAheadMs: -3_600_000 } }, { clock: ['problem', /3600 seconds behind/] }],
])('%s', (_name, what, expected) => {
  const seen: DiscordFacts = what.user ? { ...userFacts, ...what.user } : { ...facts, ...what.facts };
  const findings = accountFindings({ ...record, ...what.record }, seen);
  for (const [check, [status, message]] of Object.entries(expected)) {
    const finding = findings.find((each) => each.check === check);
    expect(finding).toMatchObject({ status, message: expect.stringMatching(message) });
    expect(finding?.todo !== null).toBe(status === 'warning' || status === 'problem');
  }
});
