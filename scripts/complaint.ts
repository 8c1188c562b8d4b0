/** A failure that the user must fix: shown as one line, without a stack trace, which would hide it. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
}

/** An error's message as one line. */
export function oneLine(error: unknown): string {
  // Node reports a refused connection to a name with several addresses as an error without a message.
  const cause = error instanceof AggregateError && error.message === '' ? error.errors[0] : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.replaceAll(/\s*\n\s*/g, '; ').trim();
}

export function endWithComplaint(error: unknown): never {
  process.stderr.write(`${oneLine(error)}\n`);
  process.exit(1);
}
