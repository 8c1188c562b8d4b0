export interface TestCount {
  passed: number;
  failed: number;
}

/**
 * Counts the tests of a Vitest JSON report. A file that fails outside of its tests (it cannot be imported, a hook
 * throws) is one failure; so is a run that failed without the report saying why, or that left no report.
 */
export function countTests(report: unknown, ok: boolean): TestCount {
  if (!isReport(report)) return { passed: 0, failed: 1 };
  const filesFailedOutsideTests = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(({ status }) => status === 'failed'),
  ).length;
  const failed = report.numFailedTests + filesFailedOutsideTests;
  return { passed: report.numPassedTests, failed: failed === 0 && !ok ? 1 : failed };
}

interface Report {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
}

function isReport(report: unknown): report is Report {
  return (
    typeof report === 'object' &&
    report !== null &&
    'numPassedTests' in report &&
    'numFailedTests' in report &&
    'testResults' in report &&
    Array.isArray(report.testResults)
  );
}
