import { expect, test } from 'vitest';
import { countTests } from './test-count.ts';

const passing = { status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'passed' }] };
const failing = { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] };
const broken = { status: 'failed', assertionResults: [] };

test('counts tests, and a file that fails outside of its tests as one', () => {
  const report = { numPassedTests: 3, numFailedTests: 1, testResults: [passing, failing, broken] };
  expect(countTests(report, false)).toEqual({ passed: 3, failed: 2 });
});

test('a run that failed although every test passed is a failure', () => {
  const report = { numPassedTests: 2, numFailedTests: 0, testResults: [passing] };
  expect(countTests(report, true)).toEqual({ passed: 2, failed: 0 });
  expect(countTests(report, false)).toEqual({ passed: 2, failed: 1 });
});

test('a run that left no report is a failure, whatever its status', () => {
  expect(countTests(undefined, true)).toEqual({ passed: 0, failed: 1 });
  expect(countTests({}, true)).toEqual({ passed: 0, failed: 1 });
});
