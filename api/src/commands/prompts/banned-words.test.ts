import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openBannedWords } from './banned-words.ts';

const log = createLogger('test', 'silent');
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'banned-words-'));
  file = path.join(folder, 'banned-words.txt');
});
afterEach(() => rmSync(folder, { recursive: true }));

const list = [
  '# comment',
  '',
  'gore',
  'torture porn  # with a comment',
  'C++',
  'straße',
  '血腥',
  'self-harm',
];

describe('finds', () => {
  test.each([
    ['gore', 'gore'],
    ['some GORE, please', 'gore'],
    ['_gore_', 'gore'],
    ['(gore)', 'gore'],
    ['ｇｏｒｅ in full-width letters', 'gore'],
    ['go\u200bre with something invisible in it', 'gore'],
    ['go\u115fre', 'gore'],
    ['go\u3164re', 'gore'],
    ['g\uffa0o\u2800re', 'gore'],
    ['go\ufe0fre and go\u{e0101}re', 'gore'],
    ['go\u034fre', 'gore'],
    ['some\u2800gore', 'gore'],
    ['torture\u3164porn', 'torture porn'],
    ['血\u180b腥', '血腥'],
    ['torture \t porn', 'torture porn'],
    ['learn c++ now', 'C++'],
    ['die STRAßE', 'straße'],
    ['一幅血腥的画', '血腥'],
    ['self-harm', 'self-harm'],
  ])('%s', (text, word) => {
    writeFileSync(file, list.join('\n'));
    expect(openBannedWords(file, log).find(text)).toBe(word);
  });
});

describe('lets through', () => {
  test.each(['al gores', 'gored', 'porn torture', 'torture-porn', 'gøre', 'gore\u0301', 'comment', '血 腥'])(
    '%s',
    (text) => {
      writeFileSync(file, list.join('\n'));
      expect(openBannedWords(file, log).find(text)).toBeUndefined();
    },
  );
});

test('is not opened when the file is missing, which would be the same as an empty one', () => {
  expect(() => openBannedWords(file, log)).toThrow(/^BANNED_WORDS_FILE: .*ENOENT/);
});

test('is off when the file is empty', () => {
  writeFileSync(file, '# nothing\n');
  expect(openBannedWords(file, log).find('nothing')).toBeUndefined();
});

test('reads the list again when it changed, at most once a second', () => {
  writeFileSync(file, 'gore');
  let now = 0;
  const words = openBannedWords(file, log, () => now);
  expect(words.find('blood')).toBeUndefined();
  writeFileSync(file, 'blood');
  utimesSync(file, 1, 1);
  now = 999;
  expect(words.find('blood')).toBeUndefined();
  now = 1_000;
  expect(words.find('blood')).toBe('blood');
  expect(words.find('gore')).toBeUndefined();
});

test('keeps the list as it was when the file can no longer be read', () => {
  writeFileSync(file, 'gore');
  let now = 0;
  const words = openBannedWords(file, log, () => now);
  expect(words.find('gore')).toBe('gore');
  rmSync(file);
  now = 1_000;
  expect(words.find('gore')).toBe('gore');
  mkdirSync(file);
  now = 2_000;
  expect(words.find('gore')).toBe('gore');
});

test('the list that comes with the service is sensible about what it finds', () => {
  const words = openBannedWords(
    new URL('../../../../config/banned-words.txt', import.meta.url).pathname,
    log,
  );
  expect(words.find('a gory scene')).toBe('gory');
  expect(words.find('a beautiful sunset over Essex, grapes and a canal boat')).toBeUndefined();
});
