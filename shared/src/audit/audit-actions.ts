/** Everything that operators can change, from the shell or through the API. */
export const auditActions = [
  'users.create',
  'users.update-tokens',
  'users.add-tokens',
  'users.reset-usage',
  'users.rotate-key',
  'users.rotate-hook-secret',
  'users.set-role',
  'users.set-dialect',
  'users.set-priority',
  'users.disable',
  'users.enable',
  'users.delete',
  'accounts.add',
  'accounts.set',
  'accounts.disable',
  'accounts.enable',
  'accounts.resume',
  'accounts.settings',
  'accounts.remove',
  'accounts.reseal',
  'tasks.release',
  'tasks.cancel',
] as const;
export type AuditAction = (typeof auditActions)[number];

/** What was changed, for people. Never a secret. */
export type AuditDetail = Record<string, string | number | boolean | null>;
