/**
 * Ends the process with the reason alone: what stops a start is something the user has to put right, and a stack
 * trace hides it.
 */
export function endWithComplaint(error: unknown): never {
  process.stderr.write(`${oneLine(error)}\n`);
  process.exit(1);
}

/** An error's message as one line. */
export function oneLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s*\n\s*/g, '; ').trim();
}
