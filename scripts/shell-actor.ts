import { userInfo } from 'node:os';

/** Who runs a command, for the audit; behind sudo, who called it. */
export function shellActor(env: NodeJS.ProcessEnv = process.env): string {
  return `shell:${env.SUDO_USER || systemUser()}`;
}

/** A container may run as a number that has no name. */
function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
