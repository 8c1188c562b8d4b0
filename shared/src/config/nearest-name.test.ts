import { expect, test } from 'vitest';
import { doubtfulSettings } from './doubtful-settings.ts';
import { nearestName } from './nearest-name.ts';

const fields = ['prompt', 'picurl', 'speed', 'bot', 'state', 'notify_hook', 'notify', 'wait'];

test.each([
  ['promt', 'prompt'],
  ['notifyHook', 'notify_hook'],
  ['NOTIFY-HOOK', 'notify_hook'],
  ['wiat', 'wait'],
  ['speeed', 'speed'],
  ['model', undefined],
  ['x'.repeat(100_000), undefined],
])('%s was meant to be %s', (wrong, meant) => {
  expect(nearestName(wrong, fields)).toBe(meant);
});

test('settings are doubted when they are nearly ours, or begin like ours, and no others', () => {
  const doubts = doubtfulSettings({
    WAITING_LIMT: '5',
    DISCORD_TOKEN: 'secret',
    DISCORD_USER_TOKEN: 'secret',
    S3_BUCKET: 'x',
    RESULT_WEBHOK_SECRET: '',
    PATH: '/bin',
    HOME: '/root',
    HOSTNAME: 'x',
    DB_PASS: 'x',
    REDIS_PORT: 'tcp://10.0.0.1:6379',
    REDIS_PASSWORD: 'x',
    npm_config_user_agent: 'npm',
  });
  expect(doubts).toEqual([
    'The environment variable WAITING_LIMT does nothing. Did you mean WAITING_LIMIT?',
    'The environment variable DISCORD_TOKEN does nothing. Did you mean DISCORD_BOT_TOKEN?',
    'The environment variable S3_BUCKET does nothing. Did you mean S3_BUCKET_URL?',
  ]);
});

test('a setting that was removed is called so, also where its name is near another', () => {
  expect(
    doubtfulSettings({
      BODY_LIMIT_BYTES: '5',
      HEADERS_TIMEOUT_MS: '5',
      MIDJOURNEY_BOT_ID: '5',
      JOB_LOCK_MS: '',
    }),
  ).toEqual([
    'The environment variable BODY_LIMIT_BYTES does nothing: the setting was removed, a JSON body may always have 1 MiB.',
    'The environment variable HEADERS_TIMEOUT_MS does nothing: the setting was removed, REQUEST_TIMEOUT_MS limits the headers too.',
    'The environment variable MIDJOURNEY_BOT_ID does nothing: the setting was removed, the id is always that of the Midjourney Bot.',
  ]);
});
