import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLogger } from '@midjourney-api/shared/logging/logger';
import { parsePrompt, printParameter } from '@midjourney-api/shared/midjourney/prompt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultModel, namedModel, openModels, parameterOfModel } from './models.ts';
import { readModelsFile } from './models-file.ts';

const packaged = readFileSync(new URL('../../../../../config/models.json', import.meta.url), 'utf8');
const origin = { source: 'a test', date: '2026-11-26' };
const one = {
  models: [{ name: '7', aliases: ['7.0'], default_since: '2026-01', ...origin }],
  parameters: [{ name: 'v', value: { type: 'text' }, rows: [], ...origin }],
};

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'models-'));
  file = path.join(folder, 'models.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the file of models', () => {
  test('is read again when it changed; a broken one changes nothing and is logged once', () => {
    const lines: { level: number; reason?: string }[] = [];
    const log = createLogger('test', 'info', { write: (line) => lines.push(JSON.parse(line)) });
    let now = 0;
    const write = (content: string) => {
      writeFileSync(file, content);
      now += 1_000;
      utimesSync(file, now, now);
    };
    write(JSON.stringify(one));
    const models = openModels(file, log, () => now);
    expect(models().models.map(({ name }) => name)).toEqual(['7']);
    write('{"models": [');
    expect(models().models).toHaveLength(1);
    now += 1_000;
    expect(models().models).toHaveLength(1);
    expect(lines.filter(({ level }) => level >= 50)).toHaveLength(1);
    write(JSON.stringify({ ...one, models: [...one.models, { name: '9', ...origin }] }));
    expect(models().models.map(({ name }) => name)).toEqual(['7', '9']);
  });

  test('that is missing or broken at the start is a clear error', () => {
    const log = createLogger('test', 'silent');
    expect(() => openModels(file, log)).toThrow(/^MODELS_FILE: .*ENOENT.*docs\/models\.md/);
    writeFileSync(file, '{"models": []}');
    expect(() => openModels(file, log)).toThrow(/^MODELS_FILE: .*models must have at least 1 element/);
  });

  const v = one.parameters[0];
  const row = { models: ['7'], takes: 'yes', ...origin };
  test.each([
    ['a row without a date', { rows: [{ ...row, date: undefined }] }, /parameters 0 rows 0 date is required/],
    ['a date that is none', { rows: [{ ...row, date: 'today' }] }, /must be a day or a month/],
    ['a field that is none', { rows: [{ ...row, takse: 'no' }] }, /unknown field `takse`/],
    ['an unknown model', { rows: [{ ...row, models: ['8'] }] }, /"v" has a row about "8"/],
    ['an unknown replacement', { rows: [{ ...row, replaced_by: 'w' }] }, /is replaced by "w"/],
    [
      'rows that contradict each other',
      { rows: [row, { ...row, takes: 'no' }] },
      /rows that contradict each other about 7: write one with "unknown"/,
    ],
    ['an alias that is another’s name', { aliases: ['v'] }, /"v" is there twice/],
  ])('with %s is broken', (_what, different, reason) => {
    const broken = { ...one, parameters: [{ ...v, ...different }] };
    expect(() => readModelsFile(JSON.stringify(broken))).toThrow(reason);
  });
});

test.each([
  ['a cat', undefined],
  ['a cat --v 7', '7'],
  ['a cat --version 7.0', '7'],
  ['a cat --V 8.1', '8.1'],
  ['a cat --niji', 'niji 7'],
  ['a cat --niji 7', 'niji 7'],
  ['a cat --niji 6 --v 7', '7'],
  ['a cat --v 9.5', '9.5'],
  ['a cat --niji 12', 'niji 12'],
  ['a cat --video --v 7', 'video 1'],
  ['a cat --video 1', 'video 1'],
])('%s names %s', (written, model) => {
  expect(namedModel(readModelsFile(packaged), parsePrompt(written).params)).toBe(model);
});

test.each([
  ['8.1', '--v 8.1'],
  ['niji 7', '--niji 7'],
])('%s is written as %s', (model, written) => {
  expect(printParameter(parameterOfModel(model))).toBe(written);
});

test.each([
  ['2026-06-09', 'midjourney', '7'],
  ['2026-06-10', 'midjourney', '8.1'],
  ['2026-07-24', 'midjourney', '8.2'],
  ['2026-11-26', 'midjourney', '8.2'],
  ['2026-11-26', 'niji', 'niji 7'],
] as const)('on %s the default of the bot %s is %s', (day, bot, model) => {
  expect(defaultModel(readModelsFile(packaged), bot, new Date(`${day}T00:00:00Z`))).toBe(model);
});
