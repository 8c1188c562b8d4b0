import { expect, it } from 'vitest';
import type { InstallationFacts } from './installation-facts.ts';
import { installationFindings } from './installation-findings.ts';

const facts: InstallationFacts = {
  mysql: { address: 'db:3306', failure: null },
  pendingMigrations: 0,
  redis: { address: 'redis:6379', failure: null },
  sealedAccounts: 0,
  hasSecretsKey: true,
  resultWebhook: { url: 'http://api/result', hasSecret: true, answer: { code: 'invalid_request' } },
  files: { bannedWords: null, models: null },
  doubts: [],
};

it('nothing is wrong', () => {
  const findings = installationFindings(facts);
  expect(findings.every(({ status, todo }) => status === 'ok' && todo === null)).toBe(true);
});

it.each<[string, Partial<InstallationFacts>, string, string, RegExp]>([
  [
    'MySQL away',
    { mysql: { address: 'db:3306', failure: 'refused' }, pendingMigrations: null },
    'mysql',
    'problem',
    /db:3306: refused/,
  ],
  [
    'MySQL away',
    { mysql: { address: 'db:3306', failure: 'refused' }, pendingMigrations: null },
    'migrations',
    'skipped',
    /not known/,
  ],
  ['migrations missing', { pendingMigrations: 2 }, 'migrations', 'problem', /2 migrations/],
  ['Redis away', { redis: { address: 'r:1', failure: 'refused' } }, 'redis', 'problem', /r:1: refused/],
  ['no key', { hasSecretsKey: false, sealedAccounts: 2 }, 'secrets_key', 'problem', /2 accounts/],
  ['no key needed', { hasSecretsKey: false }, 'secrets_key', 'ok', /No account needs/],
  [
    'unsigned',
    { resultWebhook: { ...facts.resultWebhook, hasSecret: false } },
    'result_webhook_secret',
    'warning',
    /not set/,
  ],
  [
    'api away',
    { resultWebhook: { ...facts.resultWebhook, answer: { failure: 'refused' } } },
    'result_webhook',
    'problem',
    /does not answer/,
  ],
  [
    'something else there',
    { resultWebhook: { ...facts.resultWebhook, answer: { status: 404 } } },
    'result_webhook',
    'problem',
    /not the api/,
  ],
  [
    'another secret',
    { resultWebhook: { ...facts.resultWebhook, answer: { code: 'bad_signature' } } },
    'result_webhook',
    'problem',
    /signature/,
  ],
  [
    'api without MySQL',
    { resultWebhook: { ...facts.resultWebhook, answer: { code: 'unavailable' } } },
    'result_webhook',
    'problem',
    /unavailable/,
  ],
  [
    'no banned words',
    { files: { bannedWords: 'No file.', models: null } },
    'banned_words',
    'problem',
    /No file/,
  ],
  ['a broken matrix', { files: { bannedWords: null, models: 'Not JSON.' } }, 'models', 'problem', /Not JSON/],
  ['a doubtful setting', { doubts: ['X does nothing.'] }, 'configuration', 'warning', /X does nothing/],
])('%s', (_name, different, check, status, message) => {
  const finding = installationFindings({ ...facts, ...different }).find((each) => each.check === check);
  expect(finding).toMatchObject({ status, message: expect.stringMatching(message) });
});
