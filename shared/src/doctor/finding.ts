/**
 * How a thing stands that was looked at. `skipped`: it could not be looked at, and the message says why; `warning`: it
 * works, but something may surprise; `problem`: something does not work.
 */
export const findingStatuses = ['ok', 'skipped', 'warning', 'problem'] as const;
export type FindingStatus = (typeof findingStatuses)[number];

export interface Finding<Check extends string = string> {
  check: Check;
  status: FindingStatus;
  /** A sentence that says what was seen. */
  message: string;
  /** A sentence that says what to do about it. */
  todo: string | null;
}

/** The findings about one thing, each of which says only how it stands. */
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
