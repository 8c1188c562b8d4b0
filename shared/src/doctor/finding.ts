/**
 * The outcome of a check. `skipped`: it could not be checked, and the message says why; `warning`: it works, but may cause
 * trouble; `problem`: something does not work.
 */
export const findingStatuses = ['ok', 'skipped', 'warning', 'problem'] as const;
export type FindingStatus = (typeof findingStatuses)[number];

export interface Finding<Check extends string = string> {
  check: Check;
  status: FindingStatus;
  /** A sentence that says what was found. */
  message: string;
  /** A sentence that says what to do about it. */
  todo: string | null;
}

/** Makes findings of one check. */
export function findingsAbout<Check extends string>(check: Check) {
  const finding =
    (status: FindingStatus) =>
    (message: string, todo: string | null = null): Finding<Check> => ({ check, status, message, todo });
  return {
    ok: finding('ok'),
    skipped: finding('skipped'),
    warning: finding('warning') as (message: string, todo: string) => Finding<Check>,
    problem: finding('problem') as (message: string, todo: string) => Finding<Check>,
  };
}

export function hasProblem(findings: readonly Finding[]): boolean {
  return findings.some(({ status }) => status === 'problem');
}
